package org.hanse.simulation.demo;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hanse.core.plan.SiteId;

/**
 * Something that happens to one site, or the coordinator, in one round, written {@code
 * site-2@round-3}.
 */
public record Disturbance(SiteId site, long round) {
  /** Stands where a site's name does. */
  private static final SiteId COORDINATOR = new SiteId("coordinator");

  private static final Pattern FORM =
      Pattern.compile("([a-z0-9-]+)@round-([0-9]{1,9})(?::upload)?");

  /**
   * Parses {@code <site>@round-<number>}; that it happens during the uploads may be said with
   * {@code :upload} behind it.
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

  boolean hitsCoordinator() {
    return site.equals(COORDINATOR);
  }

  @Override
  public String toString() {
    return site + "@round-" + round;
  }
}
