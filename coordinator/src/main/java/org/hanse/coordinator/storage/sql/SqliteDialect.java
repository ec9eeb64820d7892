package org.hanse.coordinator.storage.sql;

import com.zaxxer.hikari.HikariConfig;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.hanse.coordinator.storage.StorageException;
import org.hanse.coordinator.storage.StorageException.Code;
import org.jdbi.v3.core.Handle;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/** A file that SQLite keeps, with its write-ahead log beside it. */
final class SqliteDialect implements Dialect {
  private static final int BUSY_MILLIS = 5_000;
  private static final long ROOM_BYTES = 1 << 20;
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");

  /**
   * A commit waits for the disk; deleted rows are overwritten; a sort writes no file of its own.
   */
  private static final List<String> WRITER_PRAGMAS =
      List.of(
          "synchronous = FULL",
          "foreign_keys = ON",
          "secure_delete = ON",
          "temp_store = MEMORY",
          "cell_size_check = ON",
          "trusted_schema = OFF");

  private final Path file;

  SqliteDialect(Path dataDirectory) throws IOException {
    this.file = dataDirectory.toAbsolutePath().resolve("coordinator.db");
    unpackLibraryBelow(dataDirectory.toAbsolutePath());
    try {
      // The log and its index get the permissions of the file.
      Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_FILE));
    } catch (FileAlreadyExistsException e) {
      Files.setPosixFilePermissions(file, OWNER_FILE);
    }
  }

  /** Programs may not be run from /tmp everywhere, nor should others be able to change them. */
  private static void unpackLibraryBelow(Path dataDirectory) throws IOException {
    Path directory = dataDirectory.resolve("native");
    try {
      Files.createDirectory(directory, OWNER_DIRECTORY);
    } catch (FileAlreadyExistsException e) {
      // from an earlier start
    }
    if (System.getProperty("org.sqlite.tmpdir") == null) {
      deleteCopies(directory);
      System.setProperty("org.sqlite.tmpdir", directory.toString());
    }
  }

  /** Of processes that were killed: no other one runs on this data directory now. */
  private static void deleteCopies(Path directory) throws IOException {
    try (Stream<Path> copies = Files.list(directory)) {
      for (Path copy : copies.toList()) {
        Files.deleteIfExists(copy);
      }
    }
  }

  @Override
  public String blobType() {
    return "BLOB";
  }

  @Override
  public Connection openWriter() throws SQLException, IOException {
    Connection connection = dataSource().getConnection();
    boolean ready = false;
    try (Statement statement = connection.createStatement()) {
      for (String pragma : WRITER_PRAGMAS) {
        statement.execute("PRAGMA " + pragma);
      }
      try (ResultSet mode = statement.executeQuery("PRAGMA journal_mode = WAL")) {
        if (!mode.next() || !mode.getString(1).equals("wal")) {
          throw new StorageException(
              Code.FAILED,
              "the file system of " + file + " cannot keep a database; use a local disk");
        }
      }
      ready = true;
    } finally {
      if (!ready) {
        connection.close();
      }
    }
    return connection;
  }

  @Override
  public HikariConfig readers() {
    HikariConfig config = new HikariConfig();
    config.setDataSource(dataSource());
    config.setConnectionInitSql("PRAGMA query_only = ON");
    config.setMaxLifetime(0);
    return config;
  }

  private SQLiteDataSource dataSource() {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    SQLiteDataSource dataSource = new SQLiteDataSource(config);
    dataSource.setUrl("jdbc:sqlite:" + file.toUri());
    return dataSource;
  }

  @Override
  public String beginWriting() {
    return "BEGIN IMMEDIATE";
  }

  @Override
  public String beginReading() {
    return "BEGIN";
  }

  /**
   * Everything, but whether an index has all rows of its table: that, which takes longer, only for
   * the journal, where a missing last row would not be noticed.
   */
  @Override
  public void check(Handle writer) throws StorageException {
    check(writer, "PRAGMA quick_check(1)");
    if (!writer
        .select("SELECT 1 FROM sqlite_master WHERE name = 'journal_event'")
        .mapTo(Integer.class)
        .list()
        .isEmpty()) {
      check(writer, "PRAGMA integrity_check('journal_event')");
    }
  }

  private void check(Handle writer, String pragma) throws StorageException {
    String found = writer.select(pragma).mapTo(String.class).first();
    if (!found.equals("ok")) {
      throw damaged(new SQLException(found));
    }
  }

  /** Old pages stay in the log until it is cut. */
  @Override
  public boolean forget(Handle writer) {
    return writer.select("PRAGMA wal_checkpoint(TRUNCATE)").mapTo(Integer.class).one() == 0;
  }

  @Override
  public StorageException explain(SQLException cause) {
    // The low byte is the kind, the rest tells more.
    int code = cause.getErrorCode() & 0xff;
    if (code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code) {
      return new StorageException(
          Code.LOCKED,
          "another program keeps the database " + file + " locked; end that program",
          cause);
    }
    if (code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code) {
      return damaged(cause);
    }
    if (code == SQLiteErrorCode.SQLITE_FULL.code
        || ((isInputOutput(code) || cause.getErrorCode() == 0) && noRoom())) {
      return new StorageException(
          Code.FULL,
          "no space is left for the database " + file + "; make room on its disk",
          cause);
    }
    if (cause.getErrorCode() == 0) {
      return new StorageException(
          Code.FAILED,
          "the database "
              + file
              + " does not open; programs must be allowed to run from the directory native beside"
              + " it, or from the one that -Dorg.sqlite.tmpdir names",
          cause);
    }
    return new StorageException(
        Code.FAILED,
        "the database "
            + file
            + " cannot be used ("
            + SQLiteErrorCode.getErrorCode(cause.getErrorCode()).name()
            + "); check its disk and its permissions",
        cause);
  }

  private StorageException damaged(SQLException cause) {
    return new StorageException(
        Code.DAMAGED,
        "the database " + file + " is damaged; keep its files aside and restore a backup",
        cause);
  }

  private static boolean isInputOutput(int code) {
    return code == SQLiteErrorCode.SQLITE_IOERR.code
        || code == SQLiteErrorCode.SQLITE_CANTOPEN.code;
  }

  private boolean noRoom() {
    try {
      return Files.getFileStore(file).getUsableSpace() < ROOM_BYTES;
    } catch (IOException e) {
      return false;
    }
  }
}
