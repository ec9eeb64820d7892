package org.hanse.client.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.hanse.client.agent.FakeConnection.Moment;
import org.hanse.client.policy.SitePolicy;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.FromSite;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.value.TrainingReport;
import org.hanse.wire.value.WorkStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SiteAgentTest {
  private static final TestJob.Options TWO_ROUNDS = TestJob.Options.DEFAULT.rounds(2);

  @TempDir private Path directory;
  private final List<AgentFixture> fixtures = new ArrayList<>();

  private AgentFixture fixture(TestJob.Options options) {
    AgentFixture fixture = new AgentFixture(new TestJob(options), directory.resolve("state"));
    fixtures.add(fixture);
    return fixture;
  }

  @AfterEach
  void stopAgents() throws InterruptedException {
    for (AgentFixture fixture : fixtures) {
      fixture.stopAll();
    }
  }

  @Test
  void run_wholeJob_everyRoundIsTrainedCountedAndChecked() throws Exception {
    AgentFixture fixture = fixture(TestJob.Options.DEFAULT);
    fixture.start();
    fixture.awaitJobEnd();
    assertThat(fixture.consortium.published).hasSize(3);
    assertThat(fixture.consortium.countedAgent).hasSize(3);
    assertThat(fixture.trainer.seeds).hasSize(3).doesNotHaveDuplicates();
    assertThat(fixture.consortium.reports)
        .hasSize(3)
        .allMatch(TrainingReport.Ready.class::isInstance);
    List<String> closed = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      closed.add("round-closed job-1/" + (i + 1) + " " + fixture.consortium.published.get(i));
    }
    assertThat(fixture.events.starting("round-closed")).isEqualTo(closed);
  }

  @Test
  void run_jobOver_nothingOfItStaysButTheJournal() throws Exception {
    AgentFixture fixture = fixture(TWO_ROUNDS);
    AgentFixture.Running running = fixture.start();
    fixture.awaitJobEnd();
    running.stop();
    for (String kept : List.of("updates", "models", "results")) {
      assertThat(fixture.stateDirectory().resolve(kept)).isEmptyDirectory();
    }
  }

  /** The connection breaks once at each call, before or after the coordinator got it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello",
        "nextWork",
        "manifest",
        "report",
        "download:Model:piece",
        "send:Advertisement",
        "send:Shares",
        "upload:chunk",
        "upload:commit",
        "send:Confirmation",
        "send:Release",
        "download:Result:piece",
        "send:Verdict"
      })
  void run_connectionBreaks_goesOnWithTheSameMessages(String call) throws Exception {
    for (Moment moment : Moment.values()) {
      AgentFixture fixture =
          new AgentFixture(new TestJob(TWO_ROUNDS), directory.resolve(moment.name()));
      fixtures.add(fixture);
      AtomicBoolean broken = new AtomicBoolean();
      fixture.start((name, when) -> {
        if (name.equals(call) && when == moment && !broken.getAndSet(true)) {
          throw FakeConnection.broken();
        }
      });
      fixture.awaitJobEnd();
      assertThat(broken.get() || moment == Moment.AFTER).isTrue();
      assertThat(fixture.consortium.countedAgent).hasSize(2);
      assertThat(fixture.trainer.seeds).hasSize(2).doesNotHaveDuplicates();
      assertSaidOnce(fixture);
    }
  }

  @Test
  void run_uploadBreaksAtEachStep_isCommittedOnce() throws Exception {
    AgentFixture fixture = fixture(TestJob.Options.DEFAULT.rounds(1));
    List<String> broken = new ArrayList<>();
    fixture.start((name, when) -> {
      synchronized (broken) {
        String step = name + " " + when;
        if (name.startsWith("upload") && !broken.contains(step)) {
          broken.add(step);
          throw FakeConnection.broken();
        }
      }
    });
    fixture.awaitJobEnd();
    assertThat(broken)
        .containsExactlyInAnyOrder(
            "upload:chunk BEFORE",
            "upload:chunk AFTER",
            "uploadProgress BEFORE",
            "uploadProgress AFTER",
            "upload:commit BEFORE",
            "upload:commit AFTER",
            "uploadedChunk BEFORE",
            "uploadedChunk AFTER");
    assertThat(fixture.consortium.countedAgent).hasSize(1);
    assertSaidOnce(fixture);
  }

  @Test
  void run_downloadBreaksAgainAndAgain_resumesWhereItStopped() throws Exception {
    AgentFixture fixture = fixture(TestJob.Options.DEFAULT.rounds(1));
    List<String> pieces = new ArrayList<>();
    fixture.start((name, when) -> {
      if (name.startsWith("download") && name.endsWith("piece")) {
        synchronized (pieces) {
          pieces.add(name);
          if (pieces.size() % 2 == 0) {
            throw FakeConnection.broken();
          }
        }
      }
    });
    fixture.awaitJobEnd();
    // 32 bytes of model and 44 of sum in pieces of 12: each piece came once, every second try
    // broke.
    assertThat(pieces).filteredOn(name -> name.contains("Model")).hasSizeLessThanOrEqualTo(6);
    assertThat(pieces).filteredOn(name -> name.contains("Result")).hasSizeLessThanOrEqualTo(8);
    assertThat(fixture.events.starting("round-closed")).hasSize(1);
  }

  @Test
  void run_coordinatorForgotTheSite_saysHelloAgain() throws Exception {
    AgentFixture fixture = fixture(TWO_ROUNDS);
    AtomicBoolean forgotten = new AtomicBoolean();
    fixture.start((name, when) -> {
      if (name.equals("send:Shares") && when == Moment.BEFORE && !forgotten.getAndSet(true)) {
        throw FakeConnection.refused(ErrorReason.HELLO_REQUIRED);
      }
    });
    fixture.awaitJobEnd();
    assertThat(fixture.events.starting("connected")).hasSize(2);
    assertThat(fixture.consortium.countedAgent).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorReason.class,
      names = {"CERTIFICATE_REFUSED", "NOT_A_MEMBER", "UNSUPPORTED_VERSION"})
  void run_coordinatorRefusesTheSite_ends(ErrorReason reason) throws Exception {
    AgentFixture fixture = fixture(TWO_ROUNDS);
    AgentFixture.Running running =
        fixture.start((name, when) -> {
          throw FakeConnection.refused(reason);
        });
    assertThat(running.awaitEnd())
        .hasValueSatisfying(failure ->
            assertThat(failure)
                .isInstanceOfSatisfying(
                    CoordinatorException.class, e -> assertThat(e.reason()).hasValue(reason)));
  }

  @Test
  void run_attemptGivenUp_joinsTheNextWithTheSameUpdateAndFreshKeys() throws Exception {
    AgentFixture fixture = fixture(TWO_ROUNDS);
    AtomicBoolean abandoned = new AtomicBoolean();
    fixture.start((name, when) -> {
      if (name.equals("upload:commit") && when == Moment.BEFORE && !abandoned.getAndSet(true)) {
        fixture.consortium.abandonAttempt();
        throw FakeConnection.broken();
      }
    });
    fixture.awaitJobEnd();
    assertThat(fixture.trainer.seeds).hasSize(2);
    assertThat(fixture.consortium.countedAgent)
        .extracting(AttemptId::attempt)
        .containsExactly(1, 0);
    List<FromSite> keys =
        fixture.consortium.fromAgent.values().stream()
            .flatMap(List::stream)
            .filter(FromSite.Advertisement.class::isInstance)
            .toList();
    assertThat(keys).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void run_startsInTheSecondRound_adoptsTheModelByProof() throws Exception {
    AgentFixture fixture = fixture(TWO_ROUNDS);
    fixture.consortium.loseAgent();
    fixture.start();
    fixture.awaitJobEnd();
    assertThat(fixture.consortium.countedAgent)
        .extracting(id -> id.round().round())
        .containsExactly(2L);
  }

  @Test
  void run_approvalComesLater_waitsSaysSoOnceAndTakesPart() throws Exception {
    AgentFixture fixture = fixture(TWO_ROUNDS);
    SitePolicy approved = fixture.policy();
    fixture.policy.set(withApproved(approved, Set.of()));
    fixture.start();
    fixture.await("announcement", () -> !fixture.events.starting("awaiting-approval").isEmpty());
    Thread.sleep(1_500); // one more look at the policy
    assertThat(fixture.trainer.seeds).isEmpty();
    fixture.policy.set(approved);
    fixture.awaitJobEnd();
    assertThat(fixture.events.starting("awaiting-approval"))
        .containsExactly("awaiting-approval job-1 " + fixture.job.planHash());
    assertThat(fixture.consortium.countedAgent).hasSize(2);
  }

  @Test
  void run_approvalWithdrawnBeforeRelease_releasesNothing() throws Exception {
    AgentFixture fixture = fixture(TWO_ROUNDS);
    SitePolicy approved = fixture.policy();
    fixture.start((name, when) -> {
      if (name.equals("nextWork:" + WorkStage.QUORUM)) {
        fixture.policy.set(withApproved(approved, Set.of()));
      }
    });
    fixture.await("second round", () -> fixture.consortium.round() == 2);
    assertThat(fixture.consortium.fromAgent.values())
        .allSatisfy(said -> assertThat(said).noneMatch(FromSite.Release.class::isInstance));
  }

  @Test
  void run_roundToSitOut_declinesAtOnceAndIsBackInTheNext() throws Exception {
    AgentFixture fixture = fixture(TestJob.Options.DEFAULT);
    SitePolicy policy = fixture.policy();
    fixture.policy.set(
        new SitePolicy(4, 10, Set.of(), false, Set.of(2L), policy.approvedManifests()));
    fixture.start();
    fixture.awaitJobEnd();
    assertThat(fixture.consortium.countedAgent)
        .extracting(id -> id.round().round())
        .containsExactly(1L, 3L);
    assertThat(fixture.trainer.seeds).hasSize(2);
  }

  @Test
  void stop_whileAttemptIsRunning_endsSoon() throws Exception {
    AgentFixture fixture = fixture(TestJob.Options.DEFAULT);
    AgentFixture.Running running =
        fixture.start((name, when) -> {
          if (name.equals("send:Confirmation")) {
            throw FakeConnection.broken();
          }
        });
    fixture.await(
        "confirmation", () -> fixture.consortium.stage().equals(Optional.of(WorkStage.SURVIVORS)));
    long before = System.nanoTime();
    running.stop();
    assertThat((System.nanoTime() - before) / 1_000_000).isLessThan(2_000);
  }

  @Test
  void run_journalDamaged_refusesToStart() throws Exception {
    AgentFixture fixture = fixture(TWO_ROUNDS);
    fixture.start();
    fixture.awaitJobEnd();
    fixture.stopAll();
    Path journal = fixture.stateDirectory().resolve("journal");
    byte[] content = Files.readAllBytes(journal);
    content[content.length / 2] ^= 1;
    Files.write(journal, content);
    assertThat(catchThrowable(fixture::start)).hasMessageContaining("damaged at byte");
  }

  /** In one attempt a site says each thing once, however often it is repeated. */
  static void assertSaidOnce(AgentFixture fixture) {
    for (Map.Entry<AttemptId, List<FromSite>> said : fixture.consortium.fromAgent.entrySet()) {
      assertThat(Set.copyOf(said.getValue()))
          .as("messages of %s", said.getKey())
          .extracting(Object::getClass)
          .doesNotHaveDuplicates();
    }
  }

  private static SitePolicy withApproved(SitePolicy policy, Set<Hash> approved) {
    return new SitePolicy(
        policy.minimumCohort(),
        policy.maximumClipNorm(),
        policy.requiredPeers(),
        policy.allowPlainSums(),
        policy.sitOutRounds(),
        approved);
  }
}
