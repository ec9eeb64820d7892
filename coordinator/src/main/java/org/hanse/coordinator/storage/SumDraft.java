package org.hanse.coordinator.storage;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.IntChunks;
import org.hanse.core.vector.LittleEndian;

/**
 * A sum that is being written, in little-endian elements. Chunks may come in any order and from
 * several threads, and may be read back once written.
 */
public final class SumDraft implements Closeable, IntChunks {
  private final Path draft;
  private final Path file;
  private final Chunking chunking;
  private final FileChannel channel;

  private SumDraft(Path draft, Path file, Chunking chunking, FileChannel channel) {
    this.draft = draft;
    this.file = file;
    this.chunking = chunking;
    this.channel = channel;
  }

  static SumDraft create(Path file, Chunking chunking) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".draft");
    Files.deleteIfExists(draft);
    return new SumDraft(draft, file, chunking, Durability.createNew(draft));
  }

  public void write(long chunk, byte[] littleEndian) throws IOException {
    Durability.writeFully(channel, ByteBuffer.wrap(littleEndian), chunking.firstByte(chunk));
  }

  @Override
  public Chunking chunking() {
    return chunking;
  }

  /**
   * A chunk written before.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  @Override
  public int[] read(long chunk) {
    byte[] bytes = new byte[chunking.sizeBytes(chunk)];
    try {
      Durability.readFully(channel, ByteBuffer.wrap(bytes), chunking.firstByte(chunk));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return LittleEndian.elements(bytes, chunking.elementBytes());
  }

  /** Gives the sum its name; on return it is durable. */
  public void publish() throws IOException {
    channel.force(true);
    Durability.publish(draft, file);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(draft);
  }
}
