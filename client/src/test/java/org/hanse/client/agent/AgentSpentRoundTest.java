package org.hanse.client.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.hanse.core.secagg.FromSite;
import org.hanse.wire.value.TrainingReport;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds in which this site has released and that brought no result. */
class AgentSpentRoundTest {
  @TempDir private Path directory;
  private Optional<AgentFixture> started = Optional.empty();

  private AgentFixture fixture(int rounds) {
    AgentFixture fixture =
        new AgentFixture(new TestJob(TestJob.Options.DEFAULT.rounds(rounds)), directory);
    started = Optional.of(fixture);
    return fixture;
  }

  @AfterEach
  void stopAgent() throws InterruptedException {
    if (started.isPresent()) {
      started.get().stopAll();
    }
  }

  @Test
  void spent_once_trainsAnewFromTheSameModelAndForgetsTheUpdate() throws Exception {
    AgentFixture fixture = fixture(3);
    fixture.consortium.spoilSums(1);

    fixture.start();
    fixture.awaitJobEnd();

    assertThat(fixture.trainer.seeds).hasSize(3).doesNotHaveDuplicates();
    assertThat(fixture.events.starting("round-spent")).containsExactly("round-spent job-1/1");
    assertThat(fixture.events.starting("round-closed")).hasSize(2);
    assertThat(fixture.consortium.published).hasSize(2);
    assertThat(fixture.consortium.fromAgent.values())
        .allSatisfy(
            said -> assertThat(said).filteredOn(FromSite.Release.class::isInstance).hasSize(1));
    assertThat(fixture.stateDirectory().resolve("updates")).isEmptyDirectory();
  }

  @Test
  void spent_asOftenAsTheManifestAllows_declinesTheNextWithItsOwnCode() throws Exception {
    AgentFixture fixture = fixture(4);
    fixture.consortium.spoilSums(2);

    fixture.start();
    fixture.awaitJobEnd();

    assertThat(fixture.consortium.reports)
        .containsExactly(
            new TrainingReport.Ready(),
            new TrainingReport.Ready(),
            new TrainingReport.Declined(DeclineReason.MODEL_RELEASED_TOO_OFTEN));
    assertThat(fixture.events.starting("refused job-1/3 MODEL_RELEASED_TOO_OFTEN")).hasSize(1);
    assertThat(fixture.trainer.seeds).hasSize(2);
    assertThat(fixture.consortium.published).isEmpty();
  }

  @Test
  void train_lastClosedRoundIsNotTheOneBefore_lateJoinerAdopts() throws Exception {
    AgentFixture fixture = fixture(3);
    fixture.consortium.loseAgent(); // round 1 closes without this site
    fixture.consortium.spoilSums(1);
    fixture.consortium.loseAgent(); // round 2 is spent

    fixture.start();
    fixture.awaitJobEnd();

    assertThat(fixture.consortium.reports).containsExactly(new TrainingReport.Ready());
    assertThat(fixture.consortium.countedAgent)
        .extracting(id -> id.round().round())
        .containsExactly(3L);
    assertThat(fixture.events.starting("round-spent")).isEmpty();
  }

  @Test
  void train_backBehindAModelVotedForBeforeACrash_isDeclined() throws Exception {
    AgentFixture fixture = fixture(2);
    AgentFixture.Running first =
        fixture.start((call, moment) -> {
          if (call.equals("send:Verdict") && moment == FakeConnection.Moment.AFTER) {
            throw new SimulatedCrash("after the vote");
          }
        });
    assertThat(first.awaitEnd()).containsInstanceOf(SimulatedCrash.class);
    // As if the round had been discarded.
    fixture.consortium.rewriter =
        work ->
            work.content() instanceof WorkContent.Train train
                ? Work.of(
                    work.attempt(),
                    work.deadlineSeconds(),
                    new WorkContent.Train(
                        train.planHash(),
                        fixture.job.manifest().training().initialModelHash(),
                        Optional.empty()))
                : work;

    fixture.start();
    fixture.await("an answer", () -> fixture.consortium.reports.size() > 1);

    assertThat(fixture.consortium.reports)
        .isEqualTo(
            List.of(new TrainingReport.Ready(), new TrainingReport.Declined(DeclineReason.MODEL)));
    assertThat(fixture.trainer.seeds).hasSize(1);
  }
}
