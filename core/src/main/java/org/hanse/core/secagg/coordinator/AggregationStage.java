package org.hanse.core.secagg.coordinator;

/** Which item of an attempt the sites hold, in the order in which they reach them. */
public enum AggregationStage {
  /** M0 is out; keys are awaited. */
  START,
  /** M2 is out; shares are awaited. */
  ROSTER,
  /** M4 is out; uploads are awaited. */
  SHARES,
  /** M6 is out; confirmations are awaited. */
  SURVIVORS,
  /** M8 is out; releases are awaited, or the sum is being unmasked. */
  QUORUM,
  /** M10 is out; verdicts are awaited. */
  RESULT,
  /** The attempt is over: a model came of it, or it was aborted. */
  CLOSED
}
