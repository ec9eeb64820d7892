package org.hanse.client.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of known size that arrives in pieces, over several connections and restarts of the client
 * if need be.
 */
public final class PartialFile implements AutoCloseable {
  private final Path path;
  private final long expectedBytes;
  private final FileChannel file;
  private long sizeBytes;

  private PartialFile(Path path, long expectedBytes, FileChannel file, long sizeBytes) {
    this.path = path;
    this.expectedBytes = expectedBytes;
    this.file = file;
    this.sizeBytes = sizeBytes;
  }

  /** Goes on with what is there; a file that is too long is begun anew. */
  static PartialFile resume(Path path, long expectedBytes) throws IOException {
    FileChannel file = DurableFiles.openPrivate(path);
    long sizeBytes = file.size();
    if (sizeBytes > expectedBytes) {
      file.truncate(0);
      sizeBytes = 0;
    }
    file.position(sizeBytes);
    return new PartialFile(path, expectedBytes, file, sizeBytes);
  }

  /** Bytes that are here: the next piece starts there. */
  public long sizeBytes() {
    return sizeBytes;
  }

  public long expectedBytes() {
    return expectedBytes;
  }

  public boolean isComplete() {
    return sizeBytes == expectedBytes;
  }

  /**
   * Adds the next piece.
   *
   * @return false, and nothing is added, if it starts elsewhere or goes beyond the expected size
   */
  public boolean append(long offsetBytes, byte[] piece) throws IOException {
    if (offsetBytes != sizeBytes || piece.length > expectedBytes - sizeBytes) {
      return false;
    }
    ByteBuffer bytes = ByteBuffer.wrap(piece);
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
    sizeBytes += piece.length;
    return true;
  }

  /** Makes the bytes durable and gives the file its final name. */
  void publish(Path name) throws IOException {
    file.force(true);
    file.close();
    DurableFiles.publish(path, name);
  }

  /** Forgets what arrived. */
  public void discard() throws IOException {
    file.close();
    Files.deleteIfExists(path);
  }

  /** Keeps what arrived for the next try. */
  @Override
  public void close() throws IOException {
    file.close();
  }

  Path path() {
    return path;
  }
}
