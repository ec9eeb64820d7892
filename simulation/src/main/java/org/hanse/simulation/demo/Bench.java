package org.hanse.simulation.demo;

import java.nio.file.Path;
import org.hanse.client.config.job.JobDraft;
import org.hanse.client.trainer.DatasetFile;
import org.hanse.client.trainer.DatasetHandle;
import org.hanse.client.trainer.DatasetOpening;
import org.hanse.client.trainer.Evaluation;
import org.hanse.client.trainer.LocalTrainer;
import org.hanse.client.trainer.TrainingOutcome;
import org.hanse.client.trainer.TrainingProgress;
import org.hanse.client.trainer.TrainingTask;
import org.hanse.core.plan.LocalTraining;
import org.hanse.core.vector.FloatVector;

/** Trains and measures models of one plan outside the federation. Used by one thread. */
final class Bench {
  private final LocalTrainer trainer;
  private final JobDraft.Training plan;
  private final DatasetHandle heldOut;

  /**
   * Opens the records to measure on.
   *
   * @throws DemoFailure if they do not answer the plan's data contract
   */
  Bench(LocalTrainer trainer, JobDraft.Training plan, Path heldOut) throws DemoFailure {
    this.trainer = trainer;
    this.plan = plan;
    this.heldOut = open(heldOut);
  }

  /** Trains on these records, from the job's initial model, as many epochs as the whole job. */
  FloatVector train(Path records) throws DemoFailure {
    LocalTraining round = plan.local();
    LocalTraining whole =
        new LocalTraining(
            Math.toIntExact(round.epochs() * plan.rounds()),
            round.batchSize(),
            round.optimizer(),
            round.seed());
    FloatVector initial = trainer.initialParameters(plan.model(), round.seed());
    DatasetHandle dataset = open(records);
    TrainingOutcome outcome =
        trainer.train(
            new TrainingTask(plan.model(), whole, initial, round.seed()),
            dataset,
            TrainingProgress.NONE);
    trainer.closeDataset(dataset);
    return switch (outcome) {
      case TrainingOutcome.Trained trained -> trained.parameters();
      case TrainingOutcome.Failed failed ->
          throw DemoFailure.failed(
              "training on " + records.getFileName() + " for the comparison: " + failed.code());
    };
  }

  /** Measures a model on the held-out records. */
  Evaluation evaluate(FloatVector model) {
    return trainer.evaluate(plan.model(), model, heldOut);
  }

  private DatasetHandle open(Path records) throws DemoFailure {
    return switch (trainer.openDataset(new DatasetFile(DatasetFile.CSV, records), plan.data())) {
      case DatasetOpening.Opened opened -> opened.dataset();
      case DatasetOpening.Refused refused ->
          throw DemoFailure.failed(
              records.getFileName() + " does not answer the data contract: " + refused.codes());
    };
  }
}
