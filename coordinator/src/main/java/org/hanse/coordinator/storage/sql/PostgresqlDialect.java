package org.hanse.coordinator.storage.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.util.Credentials;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.hanse.coordinator.storage.StorageException;
import org.hanse.coordinator.storage.StorageException.Code;
import org.jdbi.v3.core.Handle;
import org.postgresql.ds.PGSimpleDataSource;

/** A database on a PostgreSQL server. */
final class PostgresqlDialect implements Dialect {
  /** Of the advisory lock that a coordinator's writing session holds; "hanse" in ASCII. */
  private static final long LOCK_KEY = 0x68616e7365L;

  private static final int CONNECT_SECONDS = 10;
  private static final int ANSWER_SECONDS = 60;

  // https://www.postgresql.org/docs/current/errcodes-appendix.html
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final Set<String> LOCKED = Set.of(LOCK_NOT_AVAILABLE, "57014", "40P01");
  private static final Set<String> FULL = Set.of("53100");
  private static final Set<String> DAMAGED = Set.of("XX001", "XX002");

  /** The server is ending, has crashed, is starting; no such database; too many connections. */
  private static final Set<String> UNREACHABLE =
      Set.of("57P01", "57P02", "57P03", "57P05", "3D000", "53300");

  private final Settings.Postgresql settings;

  PostgresqlDialect(Settings.Postgresql settings) {
    this.settings = settings;
  }

  @Override
  public String blobType() {
    return "BYTEA";
  }

  @Override
  public Connection openWriter() throws SQLException, IOException {
    Connection connection = dataSource().getConnection(settings.user(), settings.password().get());
    boolean ready = false;
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = on");
      takeLock(statement);
      statement.execute("SET lock_timeout = '5s'");
      ready = true;
    } finally {
      if (!ready) {
        connection.close();
      }
    }
    return connection;
  }

  /** Waits a little: the server may not have noticed yet that this coordinator's last run ended. */
  private static void takeLock(Statement statement) throws SQLException, StorageException {
    statement.execute("SET lock_timeout = '2s'");
    try {
      statement.execute("SELECT pg_advisory_lock(" + LOCK_KEY + ")");
    } catch (SQLException e) {
      if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw new StorageException(
            Code.IN_USE,
            "another coordinator uses this PostgreSQL database; end it, or give this one a"
                + " database of its own",
            e);
      }
      throw e;
    }
  }

  @Override
  public HikariConfig readers() {
    HikariConfig config = new HikariConfig();
    config.setDataSource(dataSource());
    config.setCredentialsProvider(() -> Credentials.of(settings.user(), settings.password().get()));
    config.setConnectionInitSql("SET default_transaction_read_only = on");
    return config;
  }

  private PGSimpleDataSource dataSource() {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setConnectTimeout(CONNECT_SECONDS);
    dataSource.setSocketTimeout(ANSWER_SECONDS);
    dataSource.setTcpKeepAlive(true);
    dataSource.setApplicationName("hanse-coordinator");
    dataSource.setUrl(settings.url());
    return dataSource;
  }

  @Override
  public String beginWriting() {
    return "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
  }

  @Override
  public String beginReading() {
    return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
  }

  /** The server looks after its own files. */
  @Override
  public void check(Handle writer) {}

  /** When old rows leave the disk is the server's to decide. */
  @Override
  public boolean forget(Handle writer) {
    return true;
  }

  @Override
  public StorageException explain(SQLException cause) {
    String state = cause.getSQLState() == null ? "" : cause.getSQLState();
    if (LOCKED.contains(state)) {
      return new StorageException(
          Code.LOCKED,
          "another session keeps the PostgreSQL database locked; end that session",
          cause);
    }
    if (FULL.contains(state)) {
      return new StorageException(
          Code.FULL, "no space is left for the PostgreSQL server; make room on its disk", cause);
    }
    if (DAMAGED.contains(state)) {
      return new StorageException(
          Code.DAMAGED,
          "the PostgreSQL database is damaged; keep its files aside and restore a backup",
          cause);
    }
    if (state.startsWith("08") || state.startsWith("28") || UNREACHABLE.contains(state)) {
      return new StorageException(
          Code.UNREACHABLE,
          "PostgreSQL does not answer or refuses the user (SQL state "
              + state
              + "); check that the server runs, and the address, user and password",
          cause);
    }
    return new StorageException(
        Code.FAILED,
        "PostgreSQL could not do what was asked (SQL state "
            + state
            + "); the server's log says more",
        cause);
  }
}
