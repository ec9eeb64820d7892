package org.hanse.client.trainer;

import org.hanse.core.plan.DataContract;
import org.hanse.core.plan.ModelDescription;
import org.hanse.core.vector.FloatVector;

/**
 * Trains on the records of this site. Models are float32 vectors in the manifest's canonical
 * layout, whatever the engine stores. One caller at a time.
 */
public interface LocalTrainer extends AutoCloseable {
  /** Which engine this is. Starts it if need be, which may take seconds. */
  TrainerDescription describe();

  /**
   * Parameters that round 1 starts from: the same for the same seed on every machine.
   *
   * @param seed any
   */
  FloatVector initialParameters(ModelDescription model, long seed);

  /**
   * Reads a file and checks it against the contract. The answer is a handle or a list of codes,
   * never a value of the data, a name in it or its path.
   */
  DatasetOpening openDataset(DatasetFile file, DataContract contract);

  /** Forgets a data set. Closing it again does nothing. */
  void closeDataset(DatasetHandle dataset);

  /**
   * Measures the task's start model on the data set, then trains it for the task's epochs. The
   * optimizer starts afresh. The result depends on the task, the data set, the engine's build and
   * its number of threads alone; an engine that breaks is an outcome, not an exception.
   *
   * @throws IllegalArgumentException if the handle is unknown, or model, parameters and data set do
   *     not fit each other
   */
  TrainingOutcome train(TrainingTask task, DatasetHandle dataset, TrainingProgress progress);

  /**
   * Measures a model on a data set.
   *
   * @throws IllegalArgumentException as {@link #train}
   */
  Evaluation evaluate(ModelDescription model, FloatVector parameters, DatasetHandle dataset);

  /** Forgets all data sets and releases the engine. */
  @Override
  void close();
}
