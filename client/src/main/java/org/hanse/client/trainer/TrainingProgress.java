package org.hanse.client.trainer;

/** Told while training runs, on the training thread. */
@FunctionalInterface
public interface TrainingProgress {
  /** Ignores it. */
  TrainingProgress NONE = (completed, epochs) -> {};

  /** Called after each epoch; {@code completed} counts from 1 to {@code epochs}. */
  void epochCompleted(int completed, int epochs);
}
