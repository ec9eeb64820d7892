package org.hanse.client.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.hanse.client.policy.SitePolicy;
import org.hanse.core.plan.JobId;
import org.hanse.wire.value.Greeting;
import org.hanse.wire.value.RoundReport;
import org.hanse.wire.value.TrainingReport;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site that is being taken out of service. */
class AgentDrainTest {
  private static final TestJob FIRST = TestJob.ofDefaults();
  private static final TestJob SECOND = new TestJob(TestJob.Options.DEFAULT, new JobId("job-2"));

  @TempDir private Path directory;

  @Test
  void drain_whileTraining_finishesTheRoundAndEnds() throws Exception {
    AgentFixture fixture = new AgentFixture(FIRST, directory.resolve("state"));
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch drained = new CountDownLatch(1);
    fixture.trainer.middle =
        progress -> {
          entered.countDown();
          while (drained.getCount() > 0) {
            Thread.onSpinWait();
          }
        };
    AgentFixture.Running running = fixture.start();
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

    running.drain();
    drained.countDown();

    assertThat(running.awaitEnd()).isEmpty();
    assertThat(fixture.consortium.countedAgent).hasSize(1);
    assertThat(fixture.events.starting("trained")).hasSize(1);
    assertThat(fixture.events.starting("round-closed")).hasSize(1);
    assertThat(fixture.events.starting("round-spent")).isEmpty();
  }

  @Test
  void drain_justStartedAgain_goesOnWithTheRoundOfItsJournal() throws Exception {
    AgentFixture fixture = new AgentFixture(FIRST, directory.resolve("state"));
    ScriptedCoordinator before = new ScriptedCoordinator(FIRST);
    AgentFixture.Running first = fixture.start(before);
    before.train(FIRST, 3600);
    assertThat(before.reports.poll(20, TimeUnit.SECONDS).report())
        .isEqualTo(new TrainingReport.Ready());
    first.stop();

    ScriptedCoordinator after = new ScriptedCoordinator(FIRST);
    CountDownLatch answer = new CountDownLatch(1);
    after.hello =
        () -> {
          answer.await();
          return new Greeting.Welcome(1, TestJob.site(0), 1);
        };
    after.train(FIRST, 3600);
    AgentFixture.Running second = fixture.start(after);
    second.drain();
    answer.countDown();

    assertThat(after.reports.poll(20, TimeUnit.SECONDS).report())
        .isEqualTo(new TrainingReport.Ready());
    assertThat(second.isAlive()).isTrue();
    after.end(FIRST);
    assertThat(second.awaitEnd()).isEmpty();
  }

  @Test
  void drain_inNoRound_endsAtOnce() throws Exception {
    AgentFixture fixture = new AgentFixture(FIRST, directory.resolve("state"));
    fixture.policy.set(new SitePolicy(4, 10, Set.of(), false, Set.of(), Set.of()));
    AgentFixture.Running running = fixture.start();
    fixture.await(
        "wait for approval", () -> !fixture.events.starting("awaiting-approval").isEmpty());

    running.drain();

    assertThat(running.awaitEnd()).isEmpty();
    assertThat(fixture.events.starting("training")).isEmpty();
  }

  @Test
  void drain_inARound_declinesThoseOfOtherJobs() throws Exception {
    ScriptedCoordinator coordinator = new ScriptedCoordinator(FIRST, SECOND);
    AgentFixture fixture = new AgentFixture(FIRST, directory.resolve("state"));
    fixture.policy.set(
        new SitePolicy(
            4, 10, Set.of(), false, Set.of(), Set.of(FIRST.planHash(), SECOND.planHash())));
    CountDownLatch entered = fixture.trainer.trainUntilCancelled();
    AgentFixture.Running running = fixture.start(coordinator);
    coordinator.train(FIRST, 3600);
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

    running.drain();
    coordinator.train(SECOND, 3600);

    RoundReport report = coordinator.reports.poll(20, TimeUnit.SECONDS);
    assertThat(report.round().job()).isEqualTo(SECOND.manifest().job());
    assertThat(report.report()).isEqualTo(new TrainingReport.Declined(DeclineReason.DRAINING));
    assertThat(fixture.events.starting("training")).hasSize(1);

    coordinator.end(FIRST);
    assertThat(running.awaitEnd()).isEmpty();
  }

  @Test
  void drain_jobStandsStill_endsThoughItsRoundIsOpen() throws Exception {
    ScriptedCoordinator coordinator = new ScriptedCoordinator(FIRST);
    AgentFixture fixture = new AgentFixture(FIRST, directory.resolve("state"));
    AgentFixture.Running running = fixture.start(coordinator);
    coordinator.train(FIRST, 3600);
    assertThat(coordinator.reports.poll(20, TimeUnit.SECONDS).report())
        .isEqualTo(new TrainingReport.Ready());
    running.drain();
    Thread.sleep(200);
    assertThat(running.isAlive()).as("its update waits for the others'").isTrue();

    coordinator.pause(FIRST);

    assertThat(running.awaitEnd()).isEmpty();
  }
}
