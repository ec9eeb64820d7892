package org.hanse.client.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.hanse.client.session.SiteRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A site's memory across restarts: an append-only file whose every record is durable before {@link
 * #append} returns. After a magic word each record is a big-endian u32 length, the CRC32C of those
 * four bytes, the CRC32C of the content, and the content.
 *
 * <p>A power cut can leave the last record short, or the file grown without its bytes: such a tail
 * was never acknowledged and is cut. It is one record at most, because each is durable before the
 * next is begun. Anything else that does not check means that the site no longer knows what it has
 * released, so it must not start. Thread-safe.
 */
public final class SiteJournal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SiteJournal.class);
  private static final byte[] MAGIC = "HANSEJ1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER_BYTES = 12;

  /** A record is a job id of at most 63 characters, numbers and three hashes: under 320 bytes. */
  private static final int MAX_RECORD_BYTES = 512;

  private final Path path;
  private final FileChannel file;
  private final List<SiteRecord> records;
  private boolean broken;

  private SiteJournal(Path path, FileChannel file, List<SiteRecord> records) {
    this.path = path;
    this.file = file;
    this.records = records;
  }

  /**
   * Reads the journal, or starts one.
   *
   * @throws IOException if it cannot be read, or is damaged anywhere but in a torn last record
   */
  public static SiteJournal open(Path path) throws IOException {
    byte[] content = Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
    Reader reader = new Reader(path, content);
    List<SiteRecord> records = reader.readAll();
    FileChannel file = DurableFiles.openPrivate(path);
    try {
      if (reader.validBytes < content.length) {
        LOG.warn(
            "{}: cut {} bytes of a record that was never finished",
            path,
            content.length - reader.validBytes);
      }
      file.truncate(reader.validBytes);
      file.position(reader.validBytes);
      if (reader.validBytes == 0) {
        writeFully(file, ByteBuffer.wrap(MAGIC));
      }
      file.force(true);
      Path directory = path.toAbsolutePath().getParent();
      if (directory != null) {
        DurableFiles.syncDirectory(directory);
      }
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return new SiteJournal(path, file, records);
  }

  /**
   * What a journal says, whoever uses it now; nothing is repaired.
   *
   * @throws IOException if it is not there, cannot be read or is damaged
   */
  public static List<SiteRecord> read(Path path) throws IOException {
    return new Reader(path, Files.readAllBytes(path)).readAll();
  }

  /**
   * Adds a record; on return it survives a power cut.
   *
   * @throws IOException if that cannot be promised; the journal then takes nothing more
   */
  public synchronized void append(SiteRecord record) throws IOException {
    if (broken) {
      throw new IOException(path + " failed before; it takes nothing until the client restarts");
    }
    byte[] content = SiteRecordCodec.encode(record);
    if (content.length > MAX_RECORD_BYTES) {
      throw new IllegalStateException("a record of " + content.length + " bytes");
    }
    ByteBuffer framed = ByteBuffer.allocate(HEADER_BYTES + content.length);
    byte[] length = ByteBuffer.allocate(Integer.BYTES).putInt(content.length).array();
    framed.put(length).putInt(crc(length)).putInt(crc(content)).put(content).flip();
    broken = true; // until everything below succeeded
    writeFully(file, framed);
    file.force(false);
    broken = false;
    records.add(record);
  }

  /** Everything so far, oldest first. */
  public synchronized List<SiteRecord> records() {
    return List.copyOf(records);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static void writeFully(FileChannel file, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /** Takes a journal's bytes apart. */
  private static final class Reader {
    private final Path path;
    private final byte[] content;
    private int validBytes;

    Reader(Path path, byte[] content) {
      this.path = path;
      this.content = content;
    }

    List<SiteRecord> readAll() throws IOException {
      List<SiteRecord> records = new ArrayList<>();
      if (content.length < MAGIC.length) {
        if (!Arrays.equals(content, Arrays.copyOf(MAGIC, content.length)) && !zeroFrom(0)) {
          throw damaged(0, "it is no journal");
        }
        return records;
      }
      if (!Arrays.equals(Arrays.copyOf(content, MAGIC.length), MAGIC)) {
        if (content.length == MAGIC.length && zeroFrom(0)) {
          return records; // the magic word is durable before there is anything else
        }
        throw damaged(0, "it is no journal");
      }
      validBytes = MAGIC.length;
      while (content.length - validBytes >= HEADER_BYTES && !zeroFrom(validBytes)) {
        ByteBuffer header = ByteBuffer.wrap(content, validBytes, HEADER_BYTES);
        int length = header.getInt();
        byte[] lengthBytes = Arrays.copyOfRange(content, validBytes, validBytes + Integer.BYTES);
        if (header.getInt() != crc(lengthBytes)) {
          throw damaged(validBytes, "a record's length does not check");
        }
        if (length < 1 || length > MAX_RECORD_BYTES) {
          throw damaged(validBytes, "a record has an impossible length");
        }
        int contentCrc = header.getInt();
        int start = validBytes + HEADER_BYTES;
        if (content.length - start < length) {
          break; // torn
        }
        byte[] record = Arrays.copyOfRange(content, start, start + length);
        if (contentCrc != crc(record)) {
          throw damaged(validBytes, "a record does not check");
        }
        records.add(decode(record));
        validBytes = start + length;
      }
      if (content.length - validBytes > HEADER_BYTES + MAX_RECORD_BYTES) {
        throw damaged(validBytes, "more bytes are gone than one unfinished record has");
      }
      return records;
    }

    private SiteRecord decode(byte[] record) throws IOException {
      try {
        return SiteRecordCodec.decode(record);
      } catch (IllegalArgumentException e) {
        throw damaged(validBytes, "a record is not understood: " + e.getMessage());
      }
    }

    private boolean zeroFrom(int offset) {
      for (int i = offset; i < content.length; i++) {
        if (content[i] != 0) {
          return false;
        }
      }
      return true;
    }

    private IOException damaged(int offset, String what) {
      return new IOException(
          path
              + " is damaged at byte "
              + offset
              + ": "
              + what
              + ". This site can no longer tell what it has released. Never put an older copy in its"
              + " place: the site would release a round twice. Keep it stopped until every job it"
              + " took part in has ended, then start it with an empty state directory");
    }
  }
}
