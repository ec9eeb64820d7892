package org.hanse.client.cli;

import java.time.Duration;

/** When a command gives up. */
final class TimeLimit {
  private final Duration total;
  private final long startNanos;

  private TimeLimit(Duration total, long startNanos) {
    this.total = total;
    this.startNanos = startNanos;
  }

  static TimeLimit startingNow(Duration total) {
    return new TimeLimit(total, System.nanoTime());
  }

  /** What is left; never negative. */
  Duration remaining() {
    Duration left = total.minusNanos(System.nanoTime() - startNanos);
    return left.isNegative() ? Duration.ZERO : left;
  }

  boolean isOver() {
    return remaining().isZero();
  }

  /**
   * Lets time pass, but not beyond the limit.
   *
   * @throws CommandFailure if there is none left
   */
  void pause(ResearcherTools.Pause pause, long millis) throws CommandFailure, InterruptedException {
    if (isOver()) {
      throw failure();
    }
    pause.forMillis(Math.min(millis, remaining().toMillis() + 1));
  }

  /** What the user is told. */
  CommandFailure failure() {
    return new CommandFailure(
        ErrorCode.TIMEOUT,
        "not done within " + total.toSeconds() + " s",
        "run it again, with a longer --timeout if need be");
  }
}
