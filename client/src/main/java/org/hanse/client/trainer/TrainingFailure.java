package org.hanse.client.trainer;

/** Why training failed: a closed list. */
public enum TrainingFailure {
  /** The start model gives a loss, or training gave a parameter, that is not finite. */
  NOT_FINITE("training-not-finite"),
  /** The engine reported an error. */
  ENGINE("training-engine-failed"),
  OUT_OF_MEMORY("training-out-of-memory"),
  /** Nobody waits for it any more. */
  CANCELLED("training-cancelled");

  private final String code;

  TrainingFailure(String code) {
    this.code = code;
  }

  /** What logs and reports say. */
  public String code() {
    return code;
  }
}
