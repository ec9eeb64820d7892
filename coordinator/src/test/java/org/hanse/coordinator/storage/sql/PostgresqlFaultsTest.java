package org.hanse.coordinator.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.coordinator.storage.JournalSamples;
import org.hanse.coordinator.storage.StorageException;
import org.hanse.coordinator.storage.StorageException.Code;
import org.hanse.coordinator.testing.TestJob;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with a database on a server is named, and no password with it. */
@Timeout(120)
class PostgresqlFaultsTest {
  @TempDir private Path directory;
  private PostgresqlServer server;
  private String url;

  @BeforeEach
  void start() throws Exception {
    server = PostgresqlServer.running();
    url = server.newDatabase();
  }

  private Settings settings(String name) {
    return settings(name, url, PostgresqlFaultsTest::password);
  }

  private Settings settings(String name, String address, Supplier<String> password) {
    return new Settings.Postgresql(
        directory.resolve(name), address, PostgresqlServer.USER, password);
  }

  private static StorageException assertFails(Code code, ThrowingCallable call) {
    StorageException failure = catchThrowableOfType(StorageException.class, call);
    assertThat(failure).isNotNull();
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertThat(failure.code()).as(trace.toString()).isEqualTo(code);
    assertThat(trace.toString()).doesNotContain(PostgresqlServer.PASSWORD, "wrong-password");
    return failure;
  }

  private static void assertOpenFails(Code code, Settings settings) {
    assertFails(code, () -> Database.open(settings).close());
  }

  @Test
  void open_openWithAnotherDataDirectory_inUseUntilItIsClosed() throws Exception {
    try (Database database = Database.open(settings("a"))) {
      assertOpenFails(Code.IN_USE, settings("b"));
      try (ChildCoordinator child =
          ChildCoordinator.start(ChildCoordinator.Task.OPEN, settings("c"))) {
        assertThat(child.line()).isEqualTo("storage-in-use");
      }
      assertThat(database.jobs().jobs()).isEmpty();
    }
    Database.open(settings("b")).close();
  }

  @Test
  void open_sameDataDirectory_inUse() throws Exception {
    try (Database database = Database.open(settings("a"))) {
      assertOpenFails(
          Code.IN_USE, settings("a", server.newDatabase(), PostgresqlFaultsTest::password));
      assertThat(database.jobs().jobs()).isEmpty();
    }
  }

  /** Its session was ended, and another coordinator has taken the database since. */
  @Test
  void write_databaseTakenOverMeanwhile_inUse() throws Exception {
    try (Database database = Database.open(settings("a"))) {
      server.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '"
              + PostgresqlServer.USER
              + "'");
      try (Database other = Database.open(settings("b"))) {
        assertFails(Code.IN_USE, () -> database.jobs().create(job(), JournalSamples.NOW));
        assertThat(other.jobs().jobs()).isEmpty();
      }
      assertThat(database.jobs().create(job(), JournalSamples.NOW)).isTrue();
    }
  }

  @Test
  void write_tableLockedByAnotherSession_lockedAndSucceedsAfterwards() throws Exception {
    try (Database database = Database.open(settings("a"));
        Connection other = connect();
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN");
      statement.execute("LOCK TABLE job");

      assertFails(Code.LOCKED, () -> database.jobs().create(job(), JournalSamples.NOW));

      statement.execute("ROLLBACK");
      assertThat(database.jobs().create(job(), JournalSamples.NOW)).isTrue();
    }
  }

  @Test
  void open_schemaOfANewerProgram_newerNamingBothVersions() throws Exception {
    Database.open(settings("a")).close();
    try (Connection other = connect();
        Statement statement = other.createStatement()) {
      statement.execute("INSERT INTO schema_version VALUES (99, '0099-later', 'ab')");
    }
    assertThat(assertFails(Code.NEWER, () -> Database.open(settings("a")).close()))
        .hasMessageContaining("schema version 99")
        .hasMessageContaining("versions up to 3");
  }

  @Test
  void open_wrongPassword_unreachable() {
    assertOpenFails(Code.UNREACHABLE, settings("a", url, () -> "wrong-password"));
  }

  @Test
  void open_noSuchDatabase_unreachable() {
    assertOpenFails(
        Code.UNREACHABLE, settings("a", server.url("nowhere"), PostgresqlFaultsTest::password));
  }

  @Test
  void open_nobodyListens_unreachable() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertOpenFails(
        Code.UNREACHABLE,
        settings(
            "a", "jdbc:postgresql://localhost:" + port + "/hanse", PostgresqlFaultsTest::password));
  }

  @Test
  void open_passwordCannotBeRead_unreachable() {
    Settings settings =
        settings(
            "a",
            server.url("postgres"),
            () -> {
              throw new UncheckedIOException("cannot read db.pw", new IOException());
            });

    assertThatThrownBy(() -> Database.open(settings))
        .isInstanceOfSatisfying(
            StorageException.class, thrown -> assertThat(thrown.code()).isEqualTo(Code.UNREACHABLE))
        .hasMessageContaining("cannot read db.pw");
  }

  @Test
  void settings_passwordInTheAddress_refusedAndNowhereShown() {
    String address = url + "?password=" + PostgresqlServer.PASSWORD.replace(" ", "+");
    assertThatThrownBy(() -> settings("a", address, PostgresqlFaultsTest::password))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("battery");
    assertThatThrownBy(() -> settings("a", "jdbc:sqlite:x", PostgresqlFaultsTest::password))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(settings("a").toString())
        .contains(url, PostgresqlServer.USER)
        .doesNotContain(PostgresqlServer.PASSWORD);
  }

  @Test
  void read_aByteOfARecordChanged_damaged() throws Exception {
    try (Database database = Database.open(settings("a"))) {
      database.jobs().create(job(), JournalSamples.NOW);
      database
          .jobs()
          .write(
              job().id(),
              JournalSamples.NOW,
              List.of(new JobChange.RoundOpened(JournalSamples.firstOpening(job().id()))));
      try (Connection other = connect();
          Statement statement = other.createStatement()) {
        statement.execute("UPDATE journal_event SET record = set_byte(record, 9, 0)");
      }
      assertFails(Code.DAMAGED, () -> database.jobs().journal(job().id()));
    }
  }

  private static String password() {
    return PostgresqlServer.PASSWORD;
  }

  private Connection connect() throws Exception {
    return DriverManager.getConnection(url, PostgresqlServer.USER, PostgresqlServer.PASSWORD);
  }

  private static JobDescription job() {
    TestJob job = TestJob.of(TestJob.Shape.of(5));
    return new JobDescription(job.manifest(), job.exactBytes(), job.planHash(), "alice");
  }
}
