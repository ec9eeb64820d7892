package org.hanse.coordinator.storage.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A PostgreSQL server on loopback, one for all tests of a virtual machine, and gone with it. Where
 * it cannot start, the tests that need it are skipped, unless {@code -Dhanse.postgresql.required}
 * says that they must not be.
 */
public final class PostgresqlServer {
  public static final String USER = "hanse";
  public static final String PASSWORD = "correct horse battery staple";

  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static @Nullable PostgresqlServer running;
  private static @Nullable String refusal;

  private final EmbeddedPostgres postgres;

  private PostgresqlServer(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  /** Starts it, if it does not run yet. */
  public static synchronized PostgresqlServer running() {
    if (running == null && refusal == null) {
      try {
        running = start();
      } catch (IOException | SQLException | RuntimeException e) {
        refusal = "PostgreSQL cannot start here: " + e;
        System.err.println("NOT TESTED: " + refusal);
      }
    }
    if (running != null) {
      return running;
    }
    if (Boolean.getBoolean("hanse.postgresql.required")) {
      throw new IllegalStateException(refusal);
    }
    return Assumptions.abort(refusal);
  }

  /**
   * For tests of other modules, which have no such server: makes a database for each line that it
   * reads, and writes its address, the user and the password, each in a line of its own. Ends with
   * its starter.
   */
  public static void main(String[] args) throws Exception {
    PostgresqlServer server = start();
    BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    while (orders.readLine() != null) {
      System.out.println(server.newDatabase() + "\n" + USER + "\n" + PASSWORD);
      System.out.flush();
    }
    System.exit(0);
  }

  private static PostgresqlServer start() throws IOException, SQLException {
    PostgresqlServer server = new PostgresqlServer(EmbeddedPostgres.builder().start());
    server.execute("CREATE ROLE " + USER + " LOGIN PASSWORD '" + PASSWORD + "'");
    // The superuser of these tests needs none; the coordinator's user does.
    Path rules = Path.of(server.ask("SHOW hba_file"));
    Files.writeString(
        rules,
        "host all "
            + USER
            + " 0.0.0.0/0 scram-sha-256\nhost all "
            + USER
            + " ::/0 scram-sha-256\n"
            + Files.readString(rules));
    server.ask("SELECT pg_reload_conf()");
    return server;
  }

  /** The address of a new and empty database. */
  public String newDatabase() throws SQLException {
    String name = "test" + DATABASES.incrementAndGet();
    execute("CREATE DATABASE " + name + " OWNER " + USER);
    return url(name);
  }

  String url(String database) {
    return "jdbc:postgresql://localhost:" + postgres.getPort() + "/" + database;
  }

  /** As superuser, in no particular database. */
  void execute(String sql) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  String ask(String sql) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        var answer = statement.executeQuery(sql)) {
      answer.next();
      return answer.getString(1);
    }
  }
}
