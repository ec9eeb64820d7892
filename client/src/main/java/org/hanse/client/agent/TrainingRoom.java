package org.hanse.client.agent;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.hanse.client.policy.PlannedJob;
import org.hanse.client.trainer.DatasetFile;
import org.hanse.client.trainer.DatasetHandle;
import org.hanse.client.trainer.DatasetOpening;
import org.hanse.client.trainer.LocalTrainer;
import org.hanse.client.trainer.TrainerDescription;
import org.hanse.client.trainer.TrainingFailure;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where this site trains: one job at a time, always on the same thread. Owns the trainer, which
 * that thread alone touches, its closing included. Thread-safe.
 */
final class TrainingRoom implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingRoom.class);

  /** Between two looks at whether a training is still wanted. */
  private static final Duration LOOK = Duration.ofMillis(100);

  /** How long a training may take to notice that the client stops: about a batch. */
  private static final Duration CLOSE_TIME = Duration.ofSeconds(2);

  private static final Result CANCELLED =
      new Result.Failure(DeclineReason.TRAINING_FAILED, TrainingFailure.CANCELLED.code());

  private final Site site;
  private final LocalTrainer trainer;
  private final Threads threads;
  private final ExecutorService thread;
  private volatile @Nullable Thread engine;

  /** Open data sets. Only on the trainer's thread. */
  private final Map<DataContract, DatasetHandle> datasets = new HashMap<>();

  private volatile boolean closing;

  TrainingRoom(Site site, LocalTrainer trainer, Threads threads) {
    this.site = site;
    this.trainer = trainer;
    this.threads = threads;
    this.thread =
        Executors.newFixedThreadPool(
            1,
            task -> {
              Thread made = threads.engine("trainer", task);
              engine = made;
              return made;
            });
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

    /** Nobody wants it any more: the coordinator went on before it was done. */
    record Superseded() implements Result {}
  }

  /** Starts the engine while there is nothing else to do. */
  void warmUp() {
    submitQuietly(() -> {
      TrainerDescription engine = trainer.describe();
      LOG.info(
          "training with {} on {}, {} thread(s)",
          engine.engine(),
          engine.device(),
          engine.threads());
    });
  }

  /**
   * Trains for the round from {@code model}; waits for its turn.
   *
   * @param patience once it is over, in the queue or in the middle of training, there is no update
   * @throws InterruptedException also if the room closes
   */
  Result train(PlannedJob job, RoundId round, FloatVector model, Patience patience)
      throws InterruptedException {
    Session session = new Session(round, patience);
    try {
      CompletableFuture<Result> training =
          CompletableFuture.supplyAsync(
              () -> session.cancelled() ? CANCELLED : trainNow(job.manifest(), model, session),
              thread);
      while (!threads.await(training, LOOK)) {
        if (session.cancelled()) {
          return gaveUp(patience);
        }
      }
      Result result = training.get();
      return result.equals(CANCELLED) ? gaveUp(patience) : result;
    } catch (RejectedExecutionException e) {
      throw new InterruptedException("the client stops");
    } catch (ExecutionException e) {
      // An engine that cannot be loaded, or breaks, costs its jobs the round, not the site its
      // agent.
      LOG.error("{}: training failed", round, e.getCause());
      return new Result.Failure(DeclineReason.TRAINING_FAILED, String.valueOf(e.getCause()));
    } finally {
      session.unwanted = true;
    }
  }

  private Result gaveUp(Patience patience) throws InterruptedException {
    if (closing) {
      throw new InterruptedException("the client stops");
    }
    return patience.isTimeUp()
        ? new Result.Failure(
            DeclineReason.TRAINING_FAILED, "training took longer than the round allows")
        : new Result.Superseded();
  }

  /** One training, as the trainer sees it. */
  private final class Session implements TrainingProgress {
    private final RoundId round;
    private final BooleanSupplier over;
    private volatile boolean unwanted;

    Session(RoundId round, Patience patience) {
      this.round = round;
      this.over = patience::isOver;
    }

    @Override
    public void epochCompleted(int completed, int epochs) {
      LOG.debug("{}: epoch {} of {}", round, completed, epochs);
    }

    @Override
    public boolean cancelled() {
      return unwanted || closing || over.getAsBoolean();
    }
  }

  private Result trainNow(JobManifest manifest, FloatVector model, Session session) {
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
    long seed = TrainingSeed.of(plan.local().seed(), site.id(), session.round);
    TrainingTask task = new TrainingTask(plan.model(), plan.local(), model, seed);
    return switch (trainer.train(task, dataset, session)) {
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
    submitQuietly(() -> {
      DatasetHandle dataset = datasets.remove(contract);
      if (dataset != null) {
        trainer.closeDataset(dataset);
      }
    });
  }

  /** Does what nobody waits for; once the room closes there is no need for it. */
  private void submitQuietly(Runnable task) {
    try {
      thread.execute(() -> {
        try {
          task.run();
        } catch (RuntimeException | Error e) {
          LOG.error("the training engine failed", e);
        }
      });
    } catch (RejectedExecutionException e) {
      LOG.debug("the room is closed");
    }
  }

  /**
   * Ends what trains and closes the trainer after it. If it does not end soon, its memory stays as
   * it is until the process ends: freed under a thread that is inside it, it would take the process
   * with it.
   */
  @Override
  public void close() {
    closing = true;
    submitQuietly(trainer::close);
    thread.shutdown();
    Thread started = engine;
    try {
      if (started != null && !threads.join(started, CLOSE_TIME)) {
        LOG.warn("training does not end; it goes with the process");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
