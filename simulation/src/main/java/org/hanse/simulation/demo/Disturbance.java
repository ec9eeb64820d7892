package org.hanse.simulation.demo;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hanse.core.plan.SiteId;

/** Something that happens to one site in one round, written {@code site-2@round-3}. */
public record Disturbance(SiteId site, long round) {
  private static final Pattern FORM = Pattern.compile("([a-z0-9-]+)@round-([0-9]{1,9})");

  /**
   * Parses {@code <site>@round-<number>}.
   *
   * @throws IllegalArgumentException if {@code text} has another form
   */
  public static Disturbance parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected a site and a round, as in site-2@round-3");
    }
    return new Disturbance(new SiteId(matcher.group(1)), Long.parseLong(matcher.group(2)));
  }

  @Override
  public String toString() {
    return site + "@round-" + round;
  }
}
