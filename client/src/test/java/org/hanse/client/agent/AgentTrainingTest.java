package org.hanse.client.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.hanse.client.policy.SitePolicy;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.wire.value.RoundReport;
import org.hanse.wire.value.TrainingReport;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What else may happen while a site trains. */
class AgentTrainingTest {
  private static final TestJob FIRST = TestJob.ofDefaults();
  private static final TestJob SECOND = new TestJob(TestJob.Options.DEFAULT, new JobId("job-2"));

  @TempDir private Path directory;
  private AgentFixture fixture;
  private final ScriptedCoordinator coordinator = new ScriptedCoordinator(FIRST, SECOND);

  @BeforeEach
  void openFixture() {
    fixture = new AgentFixture(FIRST, directory.resolve("state"));
    fixture.policy.set(
        new SitePolicy(
            4, 10, Set.of(), false, Set.of(), Set.of(FIRST.planHash(), SECOND.planHash())));
  }

  @AfterEach
  void stopAgent() throws InterruptedException {
    fixture.stopAll();
  }

  private RoundReport nextReport() throws InterruptedException {
    RoundReport report = coordinator.reports.poll(20, TimeUnit.SECONDS);
    assertThat(report).as("report, events %s", fixture.events.lines).isNotNull();
    return report;
  }

  @Test
  void train_notDoneInTime_isDeclined() throws Exception {
    fixture.trainer.trainUntilCancelled();
    fixture.start(coordinator);
    coordinator.train(FIRST, 1);

    assertThat(nextReport().report())
        .isEqualTo(new TrainingReport.Declined(DeclineReason.TRAINING_FAILED));
  }

  @Test
  void jobEnds_whileTraining_endsTheTrainingAndDeclinesNothing() throws Exception {
    CountDownLatch entered = fixture.trainer.trainUntilCancelled();
    fixture.start(coordinator);
    coordinator.train(FIRST, 3600);
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

    coordinator.end(FIRST);

    fixture.awaitJobEnd();
    assertThat(fixture.events.starting("refused")).isEmpty();
    assertThat(coordinator.reports).isEmpty();
  }

  @Test
  void stop_whileTraining_endsSoonDeclinesNothingAndTrainsAfterARestart() throws Exception {
    CountDownLatch entered = fixture.trainer.trainUntilCancelled();
    AgentFixture.Running running = fixture.start(coordinator);
    coordinator.train(FIRST, 3600);
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

    running.stop();

    assertThat(running.awaitEnd()).isEmpty();
    assertThat(coordinator.reports).isEmpty();
    assertThat(fixture.trainer.closings).hasValue(1);
    fixture.trainer.middle = progress -> {};
    fixture.start(coordinator);
    coordinator.train(FIRST, 3600);
    assertThat(nextReport().report()).isEqualTo(new TrainingReport.Ready());
  }

  @Test
  void twoJobs_oneTrainsLong_theOtherWaitsItsTurnAndTheSiteStaysInTouch() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    fixture.trainer.middle =
        progress -> {
          entered.countDown();
          while (release.getCount() > 0) {
            Thread.onSpinWait();
          }
        };
    fixture.start(coordinator);
    coordinator.train(FIRST, 3600);
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
    coordinator.train(SECOND, 3600);
    fixture.await(
        "second job's turn", () -> !fixture.events.starting("training job-2/1").isEmpty());
    int polls = coordinator.polls.get();
    fixture.await("further calls", () -> coordinator.polls.get() > polls + 2);
    assertThat(coordinator.reports).isEmpty();

    release.countDown();

    assertThat(List.of(nextReport(), nextReport()))
        .extracting(RoundReport::round)
        .containsExactlyInAnyOrder(
            ScriptedCoordinator.attempt(FIRST, 1).round(),
            ScriptedCoordinator.attempt(SECOND, 1).round());
    assertThat(fixture.trainer.seeds).hasSize(2);
  }

  @Test
  void engineBreaks_inOneRound_theNextOneIsTrainedAndCounted() throws Exception {
    fixture = new AgentFixture(new TestJob(TestJob.Options.DEFAULT.rounds(2)), directory);
    fixture.trainer.middle =
        progress -> {
          fixture.trainer.middle = later -> {};
          throw new UnsatisfiedLinkError("no jnind4jcpu");
        };
    fixture.start();
    fixture.awaitJobEnd();

    assertThat(fixture.consortium.reports)
        .containsExactly(
            new TrainingReport.Declined(DeclineReason.TRAINING_FAILED), new TrainingReport.Ready());
    assertThat(fixture.consortium.countedAgent)
        .extracting(id -> id.round().round())
        .containsExactly(2L);
  }

  @Test
  void modelDownload_resumedFromBytesOfAnotherModel_isFetchedAgainFromTheBeginning()
      throws Exception {
    Hash model = FIRST.manifest().training().initialModelHash();
    Path models = Files.createDirectories(fixture.stateDirectory().resolve("models"));
    Files.write(models.resolve(TestJob.ID + "." + model + ".partial"), new byte[12]);
    fixture.start(coordinator);
    coordinator.train(FIRST, 60);

    assertThat(nextReport().report()).isEqualTo(new TrainingReport.Ready());
    assertThat(ModelHash.of(FIRST.initialModel().segment())).isEqualTo(model);
  }
}
