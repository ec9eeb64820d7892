package org.hanse.coordinator.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A finished model or sum, read from any offset. Thread-safe. */
public final class VectorFile implements Closeable {
  private final FileChannel channel;
  private final long sizeBytes;

  private VectorFile(FileChannel channel, long sizeBytes) {
    this.channel = channel;
    this.sizeBytes = sizeBytes;
  }

  static VectorFile open(Path file) throws IOException {
    return new VectorFile(FileChannel.open(file, StandardOpenOption.READ), Files.size(file));
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  /**
   * A new array of {@code length} bytes.
   *
   * @throws IOException also if the file ends before
   */
  public byte[] read(long offsetBytes, int length) throws IOException {
    byte[] bytes = new byte[length];
    Durability.readFully(channel, ByteBuffer.wrap(bytes), offsetBytes);
    return bytes;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
