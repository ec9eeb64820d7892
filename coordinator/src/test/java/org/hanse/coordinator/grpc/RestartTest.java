package org.hanse.coordinator.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.hanse.coordinator.storage.sql.PostgresqlServer;
import org.hanse.coordinator.testing.Researcher;
import org.hanse.coordinator.testing.ScriptedSite;
import org.hanse.coordinator.testing.TestChannel;
import org.hanse.coordinator.testing.TestConsortium;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobStanding;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.WorkContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator that ends at any time, and another one that goes on from its files. */
@Timeout(300)
class RestartTest {
  private static final JobId JOB = new JobId("job-1");

  /** With five, one may collude, so that sites audit each sum. */
  private static final int SITES = 5;

  private static final int ROUNDS = 2;

  @TempDir private Path directory;

  @Test
  void job_coordinatorRestartedBetweenAnyTwoCalls_endsWithTheSameModel() throws Throwable {
    Hash undisturbed = run("quiet", "", steps -> false);
    AtomicInteger restarts = new AtomicInteger();
    Hash disturbed =
        run(
            "restless",
            "",
            steps -> {
              restarts.incrementAndGet();
              return true;
            });

    assertThat(disturbed).isEqualTo(undisturbed);
    assertThat(restarts).hasValueGreaterThanOrEqualTo(SITES * ROUNDS * 7);
  }

  @Test
  void job_onPostgresqlAndRestartedNowAndThen_endsWithTheSameModel() throws Throwable {
    Path password = Files.writeString(directory.resolve("db.pw"), PostgresqlServer.PASSWORD);
    String database =
        "database: { url: '%s', user: %s, password-file: %s }%n"
            .formatted(PostgresqlServer.running().newDatabase(), PostgresqlServer.USER, password);

    assertThat(run("postgresql", database, steps -> steps % 5 == 0))
        .isEqualTo(run("sqlite", "", steps -> false));
  }

  @Test
  void upload_coordinatorRestartedInTheMiddle_goesOnAtTheNextChunk() throws Throwable {
    TestJob job = TestJob.of(TestJob.Shape.of(SITES).large());
    try (TestConsortium consortium = new TestConsortium(directory, job);
        TestChannel channel = consortium.connectResearcher()) {
      new Researcher(channel).submit(job);
      List<ScriptedSite> sites = WholeRoundTest.sites(consortium);
      sites
          .getFirst()
          .breakingOffItsUpload(() -> {
            restart(consortium);
            sites.subList(1, SITES).forEach(ScriptedSite::reconnect);
          });
      finish(sites, () -> {});

      assertThat(sites.getFirst().resumedChunks()).isPositive();
      AttemptId attempt = new AttemptId(new RoundId(JOB, 1), 0);
      assertThat(sites.getFirst().sum(attempt))
          .isEqualTo(WholeRoundTest.plainSum(sites, attempt.round()));
      sites.forEach(ScriptedSite::close);
    }
  }

  /** Sites' updates and the sum are sound: nobody but the coordinator's disk is to blame. */
  @Test
  void round_modelDamagedWhileItRuns_isTheCoordinatorsOwnFault() throws Throwable {
    TestJob job = TestJob.of(TestJob.Shape.of(SITES).large());
    Path model =
        directory.resolve(
            "data/jobs/job-1/models/" + job.manifest().training().initialModelHash().toHex());
    try (TestConsortium consortium = new TestConsortium(directory, job);
        TestChannel channel = consortium.connectResearcher()) {
      new Researcher(channel).submit(job);
      List<ScriptedSite> sites = WholeRoundTest.sites(consortium);
      sites.getFirst().breakingOffItsUpload(() -> flipABit(model));
      finish(sites, () -> {});

      JobEventValue.Finished finished =
          (JobEventValue.Finished) new Researcher(channel).watch(JOB).getLast();
      assertThat(finished.standing())
          .isEqualTo(JobStanding.of(JobState.FAILED, AbortReason.COORDINATOR_STORAGE));
      sites.forEach(ScriptedSite::close);
    }
  }

  private static void flipABit(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      bytes[7] ^= 1;
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether to restart after so many calls. */
  private interface Restarts {
    boolean after(int steps);
  }

  private Hash run(String name, String moreConfig, Restarts restarts) throws Throwable {
    TestJob job = TestJob.of(TestJob.Shape.of(SITES).rounds(ROUNDS));
    Path files = Files.createDirectory(directory.resolve(name));
    try (TestConsortium consortium = new TestConsortium(files, job, moreConfig)) {
      try (TestChannel channel = consortium.connectResearcher()) {
        new Researcher(channel).submit(job);
      }
      List<ScriptedSite> sites = WholeRoundTest.sites(consortium);
      AtomicInteger steps = new AtomicInteger();
      finish(
          sites,
          () -> {
            if (restarts.after(steps.incrementAndGet())) {
              restart(consortium);
              sites.forEach(ScriptedSite::reconnect);
            }
          });

      // Whoever comes late to a result finds the round closed by the others.
      assertThat(sites.stream().mapToInt(ScriptedSite::auditedChunks).sum())
          .isBetween(ROUNDS * (SITES - 1), ROUNDS * SITES);
      for (ScriptedSite site : sites) {
        assertThat(trainings(site)).isEqualTo(ROUNDS);
        site.close();
      }
      return finished(consortium).modelHash();
    }
  }

  private static void finish(List<ScriptedSite> sites, Runnable afterEachStep) {
    sites.forEach(ScriptedSite::hello);
    while (!sites.stream().allMatch(ScriptedSite::ended)) {
      for (ScriptedSite site : sites) {
        if (!site.ended() && site.step()) {
          afterEachStep.run();
        }
      }
    }
  }

  /** The history is whole, whichever coordinator wrote it. */
  private static JobEventValue.Finished finished(TestConsortium consortium) throws Exception {
    try (TestChannel channel = consortium.connectResearcher()) {
      List<JobEventEntry> history = new Researcher(channel).history(JOB);
      for (int i = 0; i < history.size(); i++) {
        assertThat(history.get(i).sequence()).isEqualTo(i + 1);
      }
      assertThat(history)
          .filteredOn(entry -> entry.event() instanceof JobEventValue.RoundPublished)
          .hasSize(ROUNDS);
      JobEventValue.Finished finished = (JobEventValue.Finished) history.getLast().event();
      assertThat(finished.state()).isEqualTo(JobState.COMPLETED);
      return finished;
    }
  }

  private static long trainings(ScriptedSite site) {
    return site.taken().stream()
        .filter(work -> work.content() instanceof WorkContent.Train)
        .count();
  }

  private static void restart(TestConsortium consortium) {
    try {
      consortium.restart();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
