package org.hanse.client.config.job;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hanse.client.config.ConfigSection;

/** Durations as people write them: {@code 30s}, {@code 10m}, {@code 2h}, {@code 1d}. */
public final class Durations {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})([smhd])");

  private Durations() {}

  /** The duration at {@code key} in seconds, {@code fallback} if it is absent. */
  static long seconds(ConfigSection section, String key, long fallback) {
    return section.has(key)
        ? section.parsed(key, Durations::parseSeconds).orElse(fallback)
        : fallback;
  }

  /**
   * Parses one duration.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static long parseSeconds(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "must be a whole number with s, m, h or d, such as 90s or 10m, not \"" + text + '"');
    }
    long unitSeconds =
        switch (matcher.group(2)) {
          case "s" -> 1;
          case "m" -> 60;
          case "h" -> 3_600;
          case "d" -> 86_400;
          default -> throw new IllegalStateException(matcher.group(2));
        };
    return Long.parseLong(matcher.group(1)) * unitSeconds;
  }
}
