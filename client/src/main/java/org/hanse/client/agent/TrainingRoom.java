package org.hanse.client.agent;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.hanse.client.policy.PlannedJob;
import org.hanse.client.trainer.DatasetFile;
import org.hanse.client.trainer.DatasetHandle;
import org.hanse.client.trainer.DatasetOpening;
import org.hanse.client.trainer.LocalTrainer;
import org.hanse.client.trainer.TrainerDescription;
import org.hanse.client.trainer.TrainingOutcome;
import org.hanse.client.trainer.TrainingProgress;
import org.hanse.client.trainer.TrainingTask;
import org.hanse.client.update.SiteUpdate;
import org.hanse.client.update.TrainingSeed;
import org.hanse.core.encode.LocalUpdate;
import org.hanse.core.plan.DataContract;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.TrainingPlan;
import org.hanse.core.vector.FloatVector;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where this site trains: one job at a time, always on the same thread. Thread-safe. */
final class TrainingRoom implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingRoom.class);

  private final Site site;
  private final LocalTrainer trainer;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "trainer");
        made.setDaemon(true);
        return made;
      });

  /** Open data sets. Only on the trainer's thread. */
  private final Map<DataContract, DatasetHandle> datasets = new HashMap<>();

  TrainingRoom(Site site, LocalTrainer trainer) {
    this.site = site;
    this.trainer = trainer;
  }

  /** What came of a round's training. */
  sealed interface Result {
    record Update(LocalUpdate update) implements Result {}

    /**
     * There is none.
     *
     * @param explanation for people at this site
     */
    record Failure(DeclineReason reason, String explanation) implements Result {}
  }

  /** Starts the engine while there is nothing else to do. */
  void warmUp() {
    var _ =
        thread.submit(() -> {
          TrainerDescription engine = trainer.describe();
          LOG.info(
              "training with {} on {}, {} thread(s)",
              engine.engine(),
              engine.device(),
              engine.threads());
        });
  }

  /** Trains for the round from {@code model}; waits for its turn. */
  Result train(PlannedJob job, RoundId round, FloatVector model) throws InterruptedException {
    Future<Result> result = thread.submit(() -> trainNow(job.manifest(), round, model));
    try {
      return result.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      LOG.error("{}: training failed", round, e.getCause());
      return new Result.Failure(DeclineReason.TRAINING_FAILED, String.valueOf(e.getCause()));
    }
  }

  private Result trainNow(JobManifest manifest, RoundId round, FloatVector model) {
    TrainingPlan plan = manifest.training();
    DatasetHandle dataset = datasets.get(plan.data());
    if (dataset == null) {
      DatasetFile file = site.datasets().get(plan.data().name());
      if (file == null) {
        return new Result.Failure(
            DeclineReason.DATA, "no data set is called " + plan.data().name());
      }
      switch (trainer.openDataset(file, plan.data())) {
        case DatasetOpening.Opened opened -> dataset = opened.dataset();
        case DatasetOpening.Refused refused -> {
          return new Result.Failure(DeclineReason.DATA, String.join(", ", refused.codes()));
        }
      }
      datasets.put(plan.data(), dataset);
    }
    long seed = TrainingSeed.of(plan.local().seed(), site.id(), round);
    TrainingTask task = new TrainingTask(plan.model(), plan.local(), model, seed);
    TrainingProgress progress =
        (completed, epochs) -> LOG.debug("{}: epoch {} of {}", round, completed, epochs);
    return switch (trainer.train(task, dataset, progress)) {
      case TrainingOutcome.Failed failed ->
          new Result.Failure(DeclineReason.TRAINING_FAILED, failed.code());
      case TrainingOutcome.Trained trained -> {
        Optional<LocalUpdate> update =
            SiteUpdate.of(
                manifest, model, trained.parameters(), trained.exampleCount(), trained.metrics());
        yield update
            .<Result>map(Result.Update::new)
            .orElseGet(() ->
                new Result.Failure(
                    DeclineReason.TRAINING_FAILED,
                    "the trainer gave no finite value of a metric that the job asks for"));
      }
    };
  }

  /** Forgets the data set that a job used. */
  void forget(DataContract contract) {
    var _ =
        thread.submit(() -> {
          DatasetHandle dataset = datasets.remove(contract);
          if (dataset != null) {
            trainer.closeDataset(dataset);
          }
        });
  }

  /** Lets no more training begin. Closes nothing that is in use. */
  @Override
  public void close() {
    var _ = thread.shutdownNow();
  }
}
