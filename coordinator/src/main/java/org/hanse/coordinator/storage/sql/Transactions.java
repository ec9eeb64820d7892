package org.hanse.coordinator.storage.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.hanse.coordinator.storage.StorageException;
import org.hanse.coordinator.storage.StorageException.Code;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does work in transactions, one that writes at a time beside any that read, and says in the terms
 * of {@link StorageException} why one failed. Thread-safe.
 *
 * <p>Transactions are begun and ended by statements: the SQLite driver's own commit begins the next
 * transaction at once, and fails after it has committed if it cannot.
 */
final class Transactions implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);
  private static final int READERS = 4;
  private static final long READER_WAIT_MILLIS = 15_000;
  private static final int ALIVE_SECONDS = 5;

  private final Dialect dialect;
  private final ReentrantLock writing = new ReentrantLock(true);
  private final HikariDataSource pool;
  private final Jdbi readers;
  private @Nullable Handle writer;
  private volatile boolean closed;

  // What was deleted by an earlier run may still be on the disk.
  private boolean toForget = true;

  /** Done within one transaction. */
  interface Work<T> {
    /**
     * Whatever it throws undoes the transaction.
     *
     * @throws IllegalArgumentException if what the caller wants makes no sense
     */
    T in(Handle transaction) throws StorageException;
  }

  private Transactions(Dialect dialect, Handle writer) {
    this.dialect = dialect;
    this.writer = writer;
    HikariConfig config = dialect.readers();
    config.setPoolName("readers");
    config.setMaximumPoolSize(READERS);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(READER_WAIT_MILLIS);
    config.setInitializationFailTimeout(-1); // the writer has shown that there is a database
    this.pool = new HikariDataSource(config);
    this.readers = Jdbi.create(pool);
  }

  /** Connects and looks the database through. */
  static Transactions open(Dialect dialect) throws StorageException {
    Handle writer = connect(dialect);
    boolean sound = false;
    try {
      dialect.check(writer);
      sound = true;
    } catch (RuntimeException e) {
      throw failure(dialect, e);
    } finally {
      if (!sound) {
        writer.close();
      }
    }
    return new Transactions(dialect, writer);
  }

  <T> T read(Work<T> work) throws StorageException {
    refuseIfClosed();
    try (Handle handle = readers.open()) {
      return transaction(
          handle, dialect.beginReading(), work, () -> pool.evictConnection(handle.getConnection()));
    } catch (RuntimeException e) {
      throw failure(dialect, e);
    }
  }

  /** As {@link #write}; afterwards what was deleted should not be readable from the disk either. */
  <T> T writeAndForget(Work<T> work) throws StorageException {
    return write(transaction -> {
      T result = work.in(transaction);
      toForget = true;
      return result;
    });
  }

  /**
   * On return everything is on the disk. If it throws, nothing is, and the next may succeed; only a
   * server that is lost during the commit itself leaves it open which of the two it was.
   */
  <T> T write(Work<T> work) throws StorageException {
    writing.lock();
    try {
      refuseIfClosed();
      Handle handle = writer();
      T result = transaction(handle, dialect.beginWriting(), work, this::discard);
      settle(handle);
      return result;
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failure(dialect, e);
    } finally {
      writing.unlock();
    }
  }

  /** A connection whose transaction cannot be rolled back is not used again. */
  private static <T> T transaction(Handle handle, String begin, Work<T> work, Runnable discard)
      throws StorageException {
    boolean committed = false;
    try {
      handle.execute(begin);
      T result = work.in(handle);
      handle.execute("COMMIT");
      committed = true;
      return result;
    } finally {
      if (!committed) {
        try {
          handle.execute("ROLLBACK");
        } catch (JdbiException e) {
          LOG.debug("A transaction could not be rolled back, or was already", e);
          discard.run();
        }
      }
    }
  }

  /** The transaction has committed: whatever happens here does not undo it. */
  private void settle(Handle handle) {
    if (!toForget) {
      return;
    }
    try {
      toForget = !dialect.forget(handle);
    } catch (JdbiException e) {
      LOG.warn("Deleted rows are still on the disk; the next write tries again", e);
    }
  }

  private void refuseIfClosed() throws StorageException {
    if (closed) {
      throw new StorageException(Code.FAILED, "the database is closed; start the coordinator");
    }
  }

  private Handle writer() throws StorageException {
    Handle handle = writer;
    if (handle == null || !alive(handle)) {
      discard();
      handle = connect(dialect);
      writer = handle;
    }
    return handle;
  }

  private static boolean alive(Handle handle) {
    try {
      return handle.getConnection().isValid(ALIVE_SECONDS);
    } catch (SQLException e) {
      return false;
    }
  }

  private void discard() {
    Handle handle = writer;
    writer = null;
    if (handle != null) {
      try {
        handle.close();
      } catch (JdbiException e) {
        LOG.debug("A broken connection did not close", e);
      }
    }
  }

  private static Handle connect(Dialect dialect) throws StorageException {
    try {
      Connection connection = dialect.openWriter();
      return Jdbi.create(() -> connection).open();
    } catch (SQLException e) {
      throw dialect.explain(e);
    } catch (StorageException e) {
      throw e;
    } catch (UncheckedIOException e) {
      throw new StorageException(
          Code.UNREACHABLE, "the database's password cannot be had: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new StorageException(Code.FAILED, "the database cannot be opened: " + e, e);
    }
  }

  private static StorageException failure(Dialect dialect, RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof Rows.DamagedRow damage) {
        return new StorageException(
            Code.DAMAGED,
            damage.getMessage() + "; keep the database's files aside and restore a backup",
            damage.getCause());
      }
      if (cause instanceof SQLException sql && !(cause.getCause() instanceof SQLException)) {
        return dialect.explain(sql);
      }
    }
    throw failure;
  }

  @Override
  public void close() {
    writing.lock();
    try {
      closed = true;
      pool.close();
      discard();
    } finally {
      writing.unlock();
    }
  }
}
