package org.hanse.wire.value;

/** What a site is asked for, in the order in which a round's work reaches it. */
public enum WorkStage {
  /** Nothing, until more comes. */
  JOB_PAUSED,
  /** Train on a model. */
  TRAIN,
  /** M0. */
  START,
  /** M2. */
  ROSTER,
  /** M4. */
  SHARES,
  /** M6. */
  SURVIVORS,
  /** M8. */
  QUORUM,
  /** M10. */
  RESULT,
  ATTEMPT_CLOSED,
  JOB_ENDED;

  /** Whether it is about a round, and no attempt of it. */
  public boolean precedesAttempts() {
    return this == JOB_PAUSED || this == TRAIN;
  }
}
