package org.hanse.simulation.demo;

import java.util.Map;
import org.hanse.client.trainer.DatasetFile;
import org.hanse.client.trainer.DatasetHandle;
import org.hanse.client.trainer.DatasetOpening;
import org.hanse.client.trainer.Evaluation;
import org.hanse.client.trainer.LocalTrainer;
import org.hanse.client.trainer.TrainerDescription;
import org.hanse.client.trainer.TrainingOutcome;
import org.hanse.client.trainer.TrainingProgress;
import org.hanse.client.trainer.TrainingTask;
import org.hanse.core.plan.DataContract;
import org.hanse.core.plan.MetricSpec;
import org.hanse.core.plan.ModelDescription;
import org.hanse.core.vector.FloatVector;

/** "Trains" by adding numbers that depend on the seed; needs no records. */
final class NumbersTrainer implements LocalTrainer {
  @Override
  public TrainerDescription describe() {
    return new TrainerDescription("numbers", "none", 1);
  }

  @Override
  public FloatVector initialParameters(ModelDescription model, long seed) {
    throw new UnsupportedOperationException();
  }

  @Override
  public DatasetOpening openDataset(DatasetFile file, DataContract contract) {
    return new DatasetOpening.Opened(new DatasetHandle(1));
  }

  @Override
  public void closeDataset(DatasetHandle dataset) {}

  @Override
  public TrainingOutcome train(
      TrainingTask task, DatasetHandle dataset, TrainingProgress progress) {
    FloatVector after = FloatVector.allocate(task.start().size());
    for (long i = 0; i < after.size(); i++) {
      after.set(
          i, task.start().get(i) + (float) Math.cos(task.trainingSeed() % 1000 + i * 1.0) / 16);
    }
    return new TrainingOutcome.Trained(
        after, 64, Map.of(MetricSpec.TRAINING_LOSS, 0.75, MetricSpec.TRAINING_ACCURACY, 0.5));
  }

  @Override
  public Evaluation evaluate(
      ModelDescription model, FloatVector parameters, DatasetHandle dataset) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
