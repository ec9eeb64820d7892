package org.hanse.client.cli;

import org.hanse.core.plan.JobId;

/** Arguments as values. */
final class Arguments {
  private Arguments() {}

  static JobId jobId(String text) throws CommandFailure {
    try {
      return new JobId(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ErrorCode.BAD_ARGUMENTS, String.valueOf(e.getMessage()), "hanse job list");
    }
  }
}
