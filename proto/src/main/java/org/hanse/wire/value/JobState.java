package org.hanse.wire.value;

/** Where a job stands. */
public enum JobState {
  /** It waits for its turn: for its first round, or for the next one after a pause. */
  QUEUED,
  /** A round is open, or the next one is about to. */
  RUNNING,
  /** No round opens until somebody resumes it. */
  PAUSED,
  COMPLETED,
  FAILED,
  ABORTED;

  /** True when nothing more will happen. */
  public boolean ended() {
    return this == COMPLETED || this == FAILED || this == ABORTED;
  }

  /** True when the job ended without all its rounds, so that there is a reason. */
  public boolean endsEarly() {
    return this == FAILED || this == ABORTED;
  }
}
