package org.hanse.client.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.hanse.client.trainer.DataProblem;
import org.hanse.client.trainer.DatasetFile;
import org.hanse.client.trainer.DatasetHandle;
import org.hanse.client.trainer.DatasetOpening;
import org.hanse.client.trainer.Evaluation;
import org.hanse.client.trainer.LocalTrainer;
import org.hanse.client.trainer.TrainerDescription;
import org.hanse.client.trainer.TrainingFailure;
import org.hanse.client.trainer.TrainingOutcome;
import org.hanse.client.trainer.TrainingProgress;
import org.hanse.client.trainer.TrainingTask;
import org.hanse.core.plan.DataContract;
import org.hanse.core.plan.MetricSpec;
import org.hanse.core.plan.ModelDescription;
import org.hanse.core.vector.FloatVector;

/** "Trains" by adding numbers that depend on the seed; counts how often. */
class FakeTrainer implements LocalTrainer {
  /** Seeds of the trainings that ran, over all restarts of the agent. */
  final List<Long> seeds = new ArrayList<>();

  /** Parameters that came of them. */
  final List<FloatVector> results = new ArrayList<>();

  /** How often it was closed. */
  final AtomicInteger closings = new AtomicInteger();

  boolean dataRefused;
  boolean trainingFails;

  /** What happens in the middle of a training. */
  volatile Middle middle = progress -> {};

  /** Whether a training is under way. */
  private volatile boolean inside;

  long exampleCount = 64;

  double loss = 0.75;

  /** What a test puts into a training. */
  interface Middle {
    void run(TrainingProgress progress);

    /** Trains on and on until nobody wants the result. */
    static void untilCancelled(TrainingProgress progress) {
      while (!progress.cancelled()) {
        Thread.onSpinWait();
      }
      throw new CancellationException();
    }
  }

  /** The trainings from now on last until nobody wants them; the latch opens in each. */
  CountDownLatch trainUntilCancelled() {
    CountDownLatch entered = new CountDownLatch(1);
    middle =
        progress -> {
          entered.countDown();
          Middle.untilCancelled(progress);
        };
    return entered;
  }

  @Override
  public TrainerDescription describe() {
    return new TrainerDescription("fake", "none", 1);
  }

  @Override
  public FloatVector initialParameters(ModelDescription model, long seed) {
    throw new UnsupportedOperationException();
  }

  @Override
  public DatasetOpening openDataset(DatasetFile file, DataContract contract) {
    return dataRefused
        ? new DatasetOpening.Refused(List.of(DataProblem.COLUMN_MISSING))
        : new DatasetOpening.Opened(new DatasetHandle(1));
  }

  @Override
  public void closeDataset(DatasetHandle dataset) {}

  @Override
  public synchronized TrainingOutcome train(
      TrainingTask task, DatasetHandle dataset, TrainingProgress progress) {
    seeds.add(task.trainingSeed());
    inside = true;
    try {
      middle.run(progress);
    } catch (CancellationException e) {
      return new TrainingOutcome.Failed(TrainingFailure.CANCELLED);
    } finally {
      inside = false;
    }
    if (trainingFails) {
      return new TrainingOutcome.Failed(TrainingFailure.NOT_FINITE);
    }
    FloatVector after = FloatVector.allocate(task.start().size());
    for (long i = 0; i < after.size(); i++) {
      after.set(
          i, task.start().get(i) + (float) Math.cos(task.trainingSeed() % 1000 + i * 1.0) / 16);
    }
    results.add(after);
    return new TrainingOutcome.Trained(
        after,
        exampleCount,
        Map.of(MetricSpec.TRAINING_LOSS, loss, MetricSpec.TRAINING_ACCURACY, 0.5, "other", 3.0));
  }

  @Override
  public Evaluation evaluate(
      ModelDescription model, FloatVector parameters, DatasetHandle dataset) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    if (inside) {
      throw new AssertionError("closed in the middle of a training");
    }
    closings.incrementAndGet();
  }
}
