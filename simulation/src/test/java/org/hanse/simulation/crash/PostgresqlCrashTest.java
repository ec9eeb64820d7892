package org.hanse.simulation.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.hanse.simulation.crash.CrashBench.Chain;
import org.hanse.simulation.crash.CrashRun.Victim;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sample of {@link CoordinatorCrashTest} with a database server: of every kind of commit one
 * moment.
 */
@Tag("crash")
@Timeout(900)
class PostgresqlCrashTest {
  private static final List<String> SAMPLE =
      List.of(
          "commit.job-created.after",
          "commit.round-opened.within",
          "commit.message-upload-commit.after",
          "sum-draft.rename",
          "commit.sum-applied.before",
          "commit.round-published.within",
          "transcript-draft.rename",
          "commit.finished.after");

  @TempDir private Path directory;

  @Test
  void killed_atASampleOfFailpoints_jobEndsAsIfNothingHadHappened() throws Exception {
    List<Failpoint> sample =
        Failpoint.of(Victim.COORDINATOR).stream()
            .filter(failpoint -> SAMPLE.contains(failpoint.toString()))
            .toList();
    assertThat(sample).hasSameSizeAs(SAMPLE);
    try (CrashBench bench =
        CrashBench.open(directory, Victim.COORDINATOR, ChosenDatabases::onServer)) {
      bench.requireResumed(new Chain(sample));
    }
  }
}
