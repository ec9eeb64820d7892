package org.hanse.wire.value;

/** How often a job's turn comes, beside the other jobs of the same sites. */
public enum JobPriority {
  /** One turn to two of a normal job. */
  LOW,
  NORMAL,
  /** Two turns to one of a normal job. */
  HIGH
}
