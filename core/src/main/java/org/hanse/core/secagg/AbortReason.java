package org.hanse.core.secagg;

/** Why an attempt or a round ended without a new model. */
public enum AbortReason {
  /** Fewer members than the quorum were ready by the deadline. */
  QUORUM_NOT_REACHED,
  /** Too few sites were left in the middle of the protocol. */
  TOO_FEW_SURVIVORS,
  /** Too few confirmations of one statement. */
  STATEMENT_NOT_CONFIRMED,
  /** A secret could not be rebuilt from the released shares. */
  RECONSTRUCTION_FAILED,
  /** A site found a bad box or share. */
  SHARE_REFUSED,
  /** The sum broke a gate. */
  RESULT_IMPLAUSIBLE,
  /** Too few sites confirmed the result. */
  VERDICTS_MISSING,
  /** Sites refused the result. */
  RESULT_REFUSED,
  /** The coordinator could not read or write its own files. */
  COORDINATOR_STORAGE,
  /** The coordinator could not do its own part, or not in time. */
  COORDINATOR_FAILED,
  /** All attempts of the round were used up. */
  ATTEMPTS_EXHAUSTED,
  /** As many rounds in a row as may be were released in and brought no model. */
  ROUNDS_DISCARDED,
  /** A researcher or administrator aborted the job. */
  ABORTED_BY_USER,
  /** Somebody paused the job before any site had released. */
  PAUSED,
  /** Nobody resumed the job in time. */
  PAUSED_TOO_LONG
}
