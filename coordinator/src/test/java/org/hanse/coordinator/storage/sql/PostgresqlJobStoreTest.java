package org.hanse.coordinator.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.hanse.coordinator.storage.StorageException;
import org.hanse.coordinator.storage.StorageException.Code;
import org.hanse.coordinator.storage.StoredJob;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresqlJobStoreTest extends SqlJobStoreContract {
  private @Nullable String url;

  @BeforeAll
  static void start() {
    PostgresqlServer.running();
  }

  @Override
  Settings settings() throws IOException {
    try {
      if (url == null) {
        url = PostgresqlServer.running().newDatabase();
      }
      return new Settings.Postgresql(
          directory.resolve("data"), url, PostgresqlServer.USER, () -> PostgresqlServer.PASSWORD);
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  @Test
  void writer_everyCommitWaitsForTheDisk() throws IOException {
    String synchronous =
        database()
            .transactions()
            .write(writer -> writer.select("SHOW synchronous_commit").mapTo(String.class).one());
    assertThat(synchronous).isEqualTo("on");
  }

  /** A server that was started anew has ended all sessions; a read may find one of them first. */
  @Test
  void sessionsEndedByTheServer_writesGoOnAndReadsSoon() throws Exception {
    store().create(JOB, NOW);
    assertThat(store().jobs()).hasSize(1);

    PostgresqlServer.running()
        .execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '"
                + PostgresqlServer.USER
                + "'");

    store().write(ID, NOW.plusSeconds(1), List.of());
    for (int attempt = 0; ; attempt++) {
      try {
        assertThat(store().jobs())
            .extracting(StoredJob::changedAt)
            .containsExactly(NOW.plusSeconds(1));
        break;
      } catch (StorageException e) {
        assertThat(e.code()).isEqualTo(Code.UNREACHABLE);
        assertThat(attempt).isLessThan(4);
      }
    }
  }
}
