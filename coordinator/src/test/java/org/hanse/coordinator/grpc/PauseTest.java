package org.hanse.coordinator.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hanse.coordinator.testing.Researcher;
import org.hanse.coordinator.testing.ScriptedSite;
import org.hanse.coordinator.testing.TestChannel;
import org.hanse.coordinator.testing.TestConsortium;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A job that is paused and resumed again and again, by the calls of its researcher and sites. */
@Timeout(300)
class PauseTest {
  private static final JobId JOB = new JobId("job-1");
  private static final int SITES = 4;
  private static final int ROUNDS = 2;

  /** A round may have three attempts: two pauses cost it one each at the most. */
  private static final int MAX_PAUSES_PER_ROUND = 2;

  @TempDir private Path directory;

  @Test
  void job_pausedAfterEveryFewCalls_endsWithTheSameModel() throws Throwable {
    Hash undisturbed = run("quiet", 0);

    for (int calls = 1; calls <= 9; calls += 2) {
      assertThat(run("every-" + calls, calls)).isEqualTo(undisturbed);
    }
  }

  /**
   * @param calls of sites between two pauses; 0 for no pause
   */
  private Hash run(String name, int calls) throws Throwable {
    TestJob job = TestJob.of(TestJob.Shape.of(SITES).rounds(ROUNDS));
    Path files = Files.createDirectory(directory.resolve(name));
    try (TestConsortium consortium = new TestConsortium(files, job);
        TestChannel channel = consortium.connectResearcher()) {
      Researcher researcher = new Researcher(channel);
      researcher.submit(job);
      List<ScriptedSite> sites = WholeRoundTest.sites(consortium);
      sites.forEach(ScriptedSite::hello);
      int steps = 0;
      int pauses = 0;
      while (!sites.stream().allMatch(ScriptedSite::ended)) {
        for (ScriptedSite site : sites) {
          if (!site.ended() && site.step() && calls > 0 && ++steps % calls == 0) {
            if (pauses < MAX_PAUSES_PER_ROUND) {
              pauses++;
              researcher.pause(JOB);
              researcher.resume(JOB);
            }
          }
        }
      }
      List<JobEventValue> history = researcher.watch(JOB);
      assertThat(history).filteredOn(JobEventValue.Paused.class::isInstance).hasSize(pauses);
      assertThat(history).filteredOn(JobEventValue.Resumed.class::isInstance).hasSize(pauses);
      sites.forEach(ScriptedSite::close);
      JobEventValue.Finished finished = (JobEventValue.Finished) history.getLast();
      assertThat(finished.state()).isEqualTo(JobState.COMPLETED);
      return finished.modelHash();
    }
  }
}
