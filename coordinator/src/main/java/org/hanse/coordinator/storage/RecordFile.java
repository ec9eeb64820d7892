package org.hanse.coordinator.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * An append-only file of records, each with its length and checksum, so that a torn end is seen for
 * what it is. Not thread-safe.
 */
final class RecordFile implements Closeable {
  private static final int HEADER_BYTES = 2 * Integer.BYTES;

  /** Far above any event of a round. */
  private static final int MAX_RECORD_BYTES = 8 << 20;

  private final FileChannel channel;
  private long endBytes;

  private RecordFile(FileChannel channel) {
    this.channel = channel;
  }

  /** A new file whose name is durable. */
  static RecordFile create(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IllegalArgumentException("no directory holds " + file);
    }
    Durability.createDirectories(directory);
    RecordFile created = new RecordFile(Durability.createNew(file));
    Durability.syncDirectory(directory);
    return created;
  }

  /**
   * Durable only after {@link #sync}.
   *
   * @throws IllegalArgumentException if the record is empty
   */
  void append(byte[] record) throws IOException {
    if (record.length == 0) {
      throw new IllegalArgumentException("an empty record");
    }
    ByteBuffer framed = ByteBuffer.allocate(HEADER_BYTES + record.length);
    framed.putInt(record.length).putInt(checksum(record)).put(record).flip();
    Durability.writeFully(channel, framed, endBytes);
    endBytes += HEADER_BYTES + record.length;
  }

  void sync() throws IOException {
    channel.force(false);
  }

  /** All whole records; reading stops at the first that is torn or altered. */
  static List<byte[]> read(Path file) throws IOException {
    ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
    List<byte[]> records = new ArrayList<>();
    while (content.remaining() >= HEADER_BYTES) {
      int length = content.getInt();
      int checksum = content.getInt();
      // Zeros, where a power cut left a hole, have the length and the checksum of an empty record.
      if (length < 1 || length > MAX_RECORD_BYTES || length > content.remaining()) {
        break;
      }
      byte[] record = new byte[length];
      content.get(record);
      if (checksum(record) != checksum) {
        break;
      }
      records.add(record);
    }
    return records;
  }

  private static int checksum(byte[] record) {
    CRC32C crc = new CRC32C();
    crc.update(record);
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
