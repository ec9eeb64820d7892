package org.hanse.coordinator.storage.sql;

import java.io.Serial;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** What every table's rows have in common. */
final class Rows {
  private Rows() {}

  /** A row that is not what was written. */
  static final class DamagedRow extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    DamagedRow(String message) {
      this(message, null);
    }

    DamagedRow(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** Makes a value of a row. */
  interface Decoder<T> {
    T decode() throws SQLException;
  }

  /**
   * The value that a row holds.
   *
   * @param what a row it is, for the message
   * @throws DamagedRow if it holds none
   */
  static <T> T decode(String what, Decoder<T> decoder) throws SQLException {
    try {
      return decoder.decode();
    } catch (DamagedRow e) {
      throw e;
    } catch (RuntimeException e) {
      throw new DamagedRow(what + " in the database cannot be read", e);
    }
  }

  /** Of the columns record and checksum. */
  static byte[] record(String what, ResultSet row) throws SQLException {
    byte[] record = row.getBytes("record");
    if (checksum(record) != row.getLong("checksum")) {
      throw new DamagedRow(what + " in the database does not match its checksum");
    }
    return record;
  }

  static long checksum(byte[] record) {
    CRC32C crc = new CRC32C();
    crc.update(record);
    return crc.getValue();
  }

  /** Of two columns, {@code name_seconds} and {@code name_nanos}. */
  static Instant time(String name, ResultSet row) throws SQLException {
    return Instant.ofEpochSecond(row.getLong(name + "_seconds"), row.getLong(name + "_nanos"));
  }
}
