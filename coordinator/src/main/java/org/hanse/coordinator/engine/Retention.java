package org.hanse.coordinator.engine;

/** What is kept of a job's published rounds beside their transcripts. */
public enum Retention {
  /** The sum of the last round, and the first and the last two models. */
  LAST_ROUND,
  /**
   * The uploads, sums and models of all rounds, so that every one can be audited to the last bit.
   */
  ALL_ROUNDS
}
