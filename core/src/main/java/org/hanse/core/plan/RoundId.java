package org.hanse.core.plan;

/** One round of one job. Rounds count from 1. */
public record RoundId(JobId job, long round) {
  public RoundId {
    Limits.inRange("round", round, 1, Limits.MAX_ROUNDS);
  }

  /**
   * The round after this one.
   *
   * @throws IllegalArgumentException if this is number 1,000,000
   */
  public RoundId next() {
    return new RoundId(job, round + 1);
  }

  @Override
  public String toString() {
    return job + "/" + round;
  }
}
