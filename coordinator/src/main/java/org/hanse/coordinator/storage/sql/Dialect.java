package org.hanse.coordinator.storage.sql;

import com.zaxxer.hikari.HikariConfig;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.hanse.coordinator.storage.StorageException;
import org.jdbi.v3.core.Handle;

/** What one kind of database does in its own way. */
interface Dialect {

  /** The type of a column of bytes, in place of {@code ${blob}} in the migrations. */
  String blobType();

  /**
   * A connection that may change the database: what its transactions have committed is on the disk,
   * and no other coordinator has one as long as this is open. The caller closes it.
   */
  Connection openWriter() throws SQLException, IOException;

  /** For connections that only read. */
  HikariConfig readers();

  /** Begins a transaction that may change the database. */
  String beginWriting();

  /** Begins a transaction that sees the database as it is at one moment. */
  String beginReading();

  /**
   * Looks the database through, as far as that can be done when it is opened.
   *
   * @throws StorageException if it is damaged
   */
  void check(Handle writer) throws StorageException;

  /**
   * Takes care that what was deleted cannot be read from the disk, where that can be done at all.
   *
   * @return false if it could not be done now
   */
  boolean forget(Handle writer);

  /** Says what is wrong and what to do. */
  StorageException explain(SQLException cause);
}
