package org.hanse.simulation.consortium;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
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
import org.hanse.simulation.world.SimulatedProcess;

/** "Trains" by adding numbers that follow from the seed; takes its time, and may fail. */
final class SimulatedTrainer implements LocalTrainer {
  /** Records of every site. */
  static final long EXAMPLES = 64;

  private static final Duration EPOCH = Duration.ofMillis(500);
  private static final int MOST_EPOCHS = 12;

  private final SimulatedProcess process;
  private final Mishaps mishaps;
  private final SplittableRandom random;

  /** What goes wrong in a training. */
  enum Mishap {
    /** The engine throws. */
    CRASH,
    /** It comes to no end by itself. */
    HANG,
    /** Parameters that are no numbers. */
    NOT_FINITE,
    /** It says that it failed. */
    NO_RESULT,
    /** The whole process ends. */
    KILL
  }

  /** What will go wrong in the next trainings of a site; outlives its processes. */
  static final class Mishaps {
    private final ArrayDeque<Mishap> next = new ArrayDeque<>();

    void add(Mishap mishap) {
      next.add(mishap);
    }
  }

  SimulatedTrainer(SimulatedProcess process, Mishaps mishaps, SplittableRandom random) {
    this.process = process;
    this.mishaps = mishaps;
    this.random = random;
  }

  @Override
  public TrainerDescription describe() {
    return new TrainerDescription("simulated", "none", 1);
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
    Mishap mishap = mishaps.next.poll();
    int epochs = mishap == Mishap.HANG ? Integer.MAX_VALUE : 1 + random.nextInt(MOST_EPOCHS);
    try {
      for (int epoch = 0; epoch < epochs; epoch++) {
        process.sleep(EPOCH);
        if (progress.cancelled()) {
          return new TrainingOutcome.Failed(TrainingFailure.CANCELLED);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new TrainingOutcome.Failed(TrainingFailure.CANCELLED);
    }
    if (mishap != null) {
      switch (mishap) {
        case CRASH -> throw new UnsatisfiedLinkError("the engine is broken");
        case NO_RESULT -> {
          return new TrainingOutcome.Failed(TrainingFailure.ENGINE);
        }
        case KILL -> process.killHere();
        case HANG, NOT_FINITE -> {}
      }
    }
    FloatVector after = trained(task.start(), task.trainingSeed());
    if (mishap == Mishap.NOT_FINITE) {
      after.set(0, Float.NaN);
    }
    return new TrainingOutcome.Trained(after, EXAMPLES, metrics(task.trainingSeed()));
  }

  /** What an undisturbed training gives. */
  static FloatVector trained(FloatVector start, long seed) {
    FloatVector after = FloatVector.allocate(start.size());
    for (long i = 0; i < after.size(); i++) {
      after.set(i, start.get(i) + ((seed >>> (i % 53)) % 1000) / 16_000f);
    }
    return after;
  }

  static Map<String, Double> metrics(long seed) {
    Map<String, Double> metrics = new HashMap<>();
    metrics.put(MetricSpec.TRAINING_LOSS, (seed & 0xff) / 256.0);
    metrics.put(MetricSpec.TRAINING_ACCURACY, (seed >>> 8 & 0xff) / 256.0);
    return metrics;
  }

  @Override
  public Evaluation evaluate(
      ModelDescription model, FloatVector parameters, DatasetHandle dataset) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
