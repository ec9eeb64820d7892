package org.hanse.coordinator.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.hanse.coordinator.storage.JobStore;
import org.hanse.core.plan.JobId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a coordinator has acknowledged outlives it, however it ends. */
@Timeout(180)
class KilledCoordinatorTest {
  private static final int KILLS = 2;
  private static final JobId JOB = ChildCoordinator.JOB;

  @TempDir private Path directory;

  @Test
  void kill_sqlite_everyAcknowledgedCommitIsThere() throws Exception {
    killAndLook(new Settings.Sqlite(directory.resolve("data")));
  }

  @Test
  void kill_postgresql_everyAcknowledgedCommitIsThere() throws Exception {
    killAndLook(
        new Settings.Postgresql(
            directory.resolve("data"),
            PostgresqlServer.running().newDatabase(),
            PostgresqlServer.USER,
            () -> PostgresqlServer.PASSWORD));
  }

  @Test
  void kill_sqlite_libraryIsThereOnceHoweverOften() throws Exception {
    Path data = directory.resolve("data");
    for (int kill = 1; kill <= 3; kill++) {
      try (ChildCoordinator child =
          ChildCoordinator.start(ChildCoordinator.Task.COMMIT, new Settings.Sqlite(data))) {
        assertThat(child.line()).isEqualTo("opened");
        var _ = child.kill();
      }
    }
    try (Stream<Path> copies = Files.list(data.resolve("native"))) {
      assertThat(copies.filter(copy -> !copy.toString().endsWith(".lck"))).hasSize(1);
    }
  }

  private static void killAndLook(Settings settings) throws Exception {
    long before = 0;
    for (int kill = 1; kill <= KILLS; kill++) {
      long acknowledged = commitUntilKilled(settings, before + 20L * kill);
      try (Database database = Database.open(settings)) {
        JobStore jobs = database.jobs();
        long stored = jobs.jobs().getFirst().lastSequence();
        // The last one may have been committed before it could be said.
        assertThat(stored).isBetween(acknowledged, acknowledged + 1);
        assertThat(jobs.history(JOB, 1, Integer.MAX_VALUE)).hasSize((int) stored);
        assertThat(jobs.journal(JOB).orElseThrow().events()).hasSize((int) stored);
        before = stored;
      }
    }
  }

  /** The last number that the child said. */
  private static long commitUntilKilled(Settings settings, long until) throws Exception {
    try (ChildCoordinator child = ChildCoordinator.start(ChildCoordinator.Task.COMMIT, settings)) {
      assertThat(child.line()).isEqualTo("opened");
      long said;
      do {
        said = Long.parseLong(child.line());
      } while (said < until);
      List<String> rest = child.kill();
      return rest.isEmpty() ? said : Long.parseLong(rest.getLast());
    }
  }
}
