package org.hanse.client.trainer;

/** What a training and who waits for it tell each other, on the training thread. */
@FunctionalInterface
public interface TrainingProgress {
  /** Ignores what it is told and never cancels. */
  TrainingProgress NONE = (completed, epochs) -> {};

  /** Called after each epoch; {@code completed} counts from 1 to {@code epochs}. */
  void epochCompleted(int completed, int epochs);

  /** Asked before each batch; true ends the training without a result. */
  default boolean cancelled() {
    return false;
  }
}
