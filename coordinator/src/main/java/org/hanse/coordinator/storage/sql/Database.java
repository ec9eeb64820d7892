package org.hanse.coordinator.storage.sql;

import java.io.Closeable;
import java.io.IOException;
import org.hanse.coordinator.storage.DirectoryLock;
import org.hanse.coordinator.storage.JobStore;
import org.hanse.coordinator.storage.SiteStore;
import org.hanse.coordinator.storage.StorageException;
import org.hanse.coordinator.storage.StorageException.Code;

/** The coordinator's database, and its hold on the data directory. Thread-safe. */
public final class Database implements Closeable {
  private final DirectoryLock lock;
  private final Transactions transactions;

  private Database(DirectoryLock lock, Transactions transactions) {
    this.lock = lock;
    this.transactions = transactions;
  }

  /**
   * Opens it, keeps every other coordinator out, and brings its tables up to date.
   *
   * @throws StorageException if it is in use, damaged, made by a newer program, or cannot be opened
   */
  public static Database open(Settings settings) throws StorageException {
    try {
      return openChecked(settings);
    } catch (StorageException e) {
      throw e;
    } catch (IOException e) {
      throw new StorageException(
          Code.FAILED,
          "the data directory "
              + settings.dataDirectory()
              + " cannot be used ("
              + e
              + "); check its disk and its permissions",
          e);
    }
  }

  private static Database openChecked(Settings settings) throws IOException {
    DirectoryLock lock = DirectoryLock.take(settings.dataDirectory());
    boolean opened = false;
    try {
      Database database = open(lock, dialect(settings));
      opened = true;
      return database;
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  private static Database open(DirectoryLock lock, Dialect dialect) throws IOException {
    Transactions transactions = Transactions.open(dialect);
    boolean opened = false;
    try {
      Migrations.ofThisProgram(dialect.blobType()).apply(transactions);
      opened = true;
      return new Database(lock, transactions);
    } finally {
      if (!opened) {
        transactions.close();
      }
    }
  }

  private static Dialect dialect(Settings settings) throws IOException {
    return switch (settings) {
      case Settings.Sqlite sqlite -> new SqliteDialect(sqlite.dataDirectory());
      case Settings.Postgresql postgresql -> new PostgresqlDialect(postgresql);
    };
  }

  public JobStore jobs() {
    return new SqlJobStore(transactions);
  }

  public SiteStore sites() {
    return new SqlSiteStore(transactions);
  }

  /** For tests that do to the database what no store does. */
  Transactions transactions() {
    return transactions;
  }

  /** Waits for the transaction that writes now. */
  @Override
  public void close() throws IOException {
    transactions.close();
    lock.close();
  }
}
