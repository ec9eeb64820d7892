package org.hanse.wire.value;

/** Where a job stands. */
public enum JobState {
  RUNNING,
  COMPLETED,
  FAILED,
  ABORTED;

  /** True when nothing more will happen. */
  public boolean ended() {
    return this != RUNNING;
  }

  /** True when the job ended without all its rounds, so that there is a reason. */
  public boolean hasReason() {
    return this == FAILED || this == ABORTED;
  }
}
