package org.hanse.client.cli;

import java.time.Duration;
import org.hanse.client.config.job.Durations;
import org.hanse.core.plan.JobId;

/** Arguments as values. */
final class Arguments {
  private Arguments() {}

  /** For people to read, on one line. */
  static void text(String option, String value, int maxLength) throws CommandFailure {
    if (value.length() > maxLength || value.codePoints().anyMatch(Character::isISOControl)) {
      throw new CommandFailure(
          ErrorCode.BAD_ARGUMENTS,
          option + " takes up to " + maxLength + " characters without control characters",
          "shorten it");
    }
  }

  /** At least a second. */
  static Duration duration(String option, String text) throws CommandFailure {
    try {
      return Duration.ofSeconds(Math.max(1, Durations.parseSeconds(text)));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ErrorCode.BAD_ARGUMENTS,
          option + " " + e.getMessage(),
          "give a duration such as 90s or 10m");
    }
  }

  static JobId jobId(String text) throws CommandFailure {
    try {
      return new JobId(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ErrorCode.BAD_ARGUMENTS, String.valueOf(e.getMessage()), "hanse job list");
    }
  }
}
