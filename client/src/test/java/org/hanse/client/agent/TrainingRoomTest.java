package org.hanse.client.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.hanse.client.agent.TrainingRoom.Result;
import org.hanse.client.storage.SiteKeys;
import org.hanse.client.trainer.DatasetFile;
import org.hanse.client.trainer.LocalTrainer;
import org.hanse.client.trainer.TrainerDescription;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.RoundId;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrainingRoomTest {
  private static final Threads THREADS = new SystemThreads();

  private static final TestJob JOB = TestJob.ofDefaults();
  private static final RoundId ROUND = new RoundId(TestJob.ID, 1);

  private final FakeTrainer trainer = new FakeTrainer();
  private final TrainingRoom room = new TrainingRoom(site(), trainer, THREADS);

  private static Site site() {
    return new Site(
        TestJob.site(0),
        new SiteKeys(JOB.key(0), Bytes.of((byte) 1), TestJob.siteSecret(0)),
        () -> {
          throw new UnsupportedOperationException();
        },
        Map.of(TestJob.CONTRACT, new DatasetFile(DatasetFile.CSV, Path.of("table.csv"))));
  }

  private Result train(Patience patience) throws InterruptedException {
    return room.train(JOB.planned(), ROUND, JOB.initialModel(), patience);
  }

  /** Trains on another thread. */
  private CompletableFuture<Result> begin(Patience patience) {
    CompletableFuture<Result> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            result.complete(train(patience));
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  private static void assertFailed(Result result, String explanation) {
    assertThat(result)
        .isInstanceOfSatisfying(
            Result.Failure.class,
            failure -> {
              assertThat(failure.reason()).isEqualTo(DeclineReason.TRAINING_FAILED);
              assertThat(failure.explanation()).contains(explanation);
            });
  }

  @AfterEach
  void close() {
    room.close();
  }

  @Test
  void train_takesLongerThanItMay_isCancelled() throws Exception {
    trainer.trainUntilCancelled();
    assertFailed(
        train(Patience.of(THREADS, Duration.ofMillis(150))), "longer than the round allows");
    trainer.middle = progress -> {};
    assertThat(train(Patience.unlimited(THREADS))).isInstanceOf(Result.Update.class);
  }

  @Test
  void train_engineDoesNotListen_isNotWaitedFor() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    trainer.middle = progress -> awaitQuietly(release);
    assertFailed(
        train(Patience.of(THREADS, Duration.ofMillis(150))), "longer than the round allows");
    release.countDown();
  }

  @Test
  void train_somethingNewerComesUp_isCancelled() throws Exception {
    AtomicBoolean newer = new AtomicBoolean();
    CountDownLatch entered = trainer.trainUntilCancelled();
    CompletableFuture<Result> result = begin(Patience.unlimited(THREADS).unless(newer::get));
    assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
    newer.set(true);
    assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo(new Result.Superseded());
  }

  @Test
  void train_timeIsUpInTheQueue_isNotBegun() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    trainer.middle =
        progress -> {
          entered.countDown();
          awaitQuietly(release);
        };
    CompletableFuture<Result> first = begin(Patience.unlimited(THREADS));
    assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();

    assertFailed(
        train(Patience.of(THREADS, Duration.ofMillis(50))), "longer than the round allows");
    release.countDown();

    assertThat(first.get(10, TimeUnit.SECONDS)).isInstanceOf(Result.Update.class);
    room.close(); // after everything that was queued
    assertThat(trainer.seeds).hasSize(1);
  }

  @Test
  void train_engineCannotBeLoaded_isAFailedRoundAndTheNextMaySucceed() throws Exception {
    trainer.middle =
        progress -> {
          throw new UnsatisfiedLinkError("no jnind4jcpu");
        };
    String log = logOf(() -> assertFailed(train(Patience.unlimited(THREADS)), "no jnind4jcpu"));
    assertThat(log).contains("ERROR").contains("training failed").contains("no jnind4jcpu");
    trainer.middle = progress -> {};
    assertThat(train(Patience.unlimited(THREADS))).isInstanceOf(Result.Update.class);
  }

  @Test
  void warmUp_engineDoesNotStart_isLogged() throws Exception {
    LocalTrainer broken =
        new FakeTrainer() {
          @Override
          public TrainerDescription describe() {
            throw new NoClassDefFoundError("org/nd4j/Engine");
          }
        };
    String log =
        logOf(() -> {
          try (TrainingRoom other = new TrainingRoom(site(), broken, THREADS)) {
            other.warmUp();
          }
        });
    assertThat(log).contains("ERROR").contains("org/nd4j/Engine");
  }

  @Test
  void close_whileTraining_endsItThenClosesTheTrainer() throws Exception {
    CountDownLatch entered = trainer.trainUntilCancelled();
    CompletableFuture<Result> result = begin(Patience.unlimited(THREADS));
    assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();

    room.close();

    assertThat(trainer.closings).hasValue(1);
    assertThat(catchThrowable(() -> result.get(10, TimeUnit.SECONDS)))
        .hasCauseInstanceOf(InterruptedException.class);
  }

  @Test
  void close_trainingDoesNotEnd_freesNothing() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    trainer.middle =
        progress -> {
          entered.countDown();
          awaitQuietly(release);
        };
    CompletableFuture<Result> result = begin(Patience.unlimited(THREADS));
    assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();

    room.close();

    assertThat(trainer.closings).hasValue(0);
    release.countDown();
    assertThat(result.handle((value, failure) -> true).get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void train_roomIsClosed_isInterrupted() {
    room.close();
    assertThat(catchThrowable(() -> train(Patience.unlimited(THREADS))))
        .isInstanceOf(InterruptedException.class);
    room.forget(JOB.manifest().training().data());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Step {
    void run() throws Exception;
  }

  private static String logOf(Step step) throws Exception {
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      step.run();
    } finally {
      System.setErr(before);
    }
    return log.toString(StandardCharsets.UTF_8);
  }
}
