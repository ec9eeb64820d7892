package org.hanse.client.cli;

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

  static JobId jobId(String text) throws CommandFailure {
    try {
      return new JobId(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ErrorCode.BAD_ARGUMENTS, String.valueOf(e.getMessage()), "hanse job list");
    }
  }
}
