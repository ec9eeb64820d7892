package org.hanse.simulation.crash.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hanse.simulation.crash.disk.DiskWatch.Change;
import org.jspecify.annotations.Nullable;

/** A real file's channel; the watch hears of writes, cuts and syncs. */
final class WatchedChannel extends FileChannel {
  private final Path file;
  private final FileChannel channel;
  private final DiskWatch watch;

  WatchedChannel(Path file, FileChannel channel, DiskWatch watch) {
    this.file = file;
    this.channel = channel;
    this.watch = watch;
  }

  private record Pending(Path file, ByteBuffer bytes, long position, FileChannel channel)
      implements DiskWatch.Write {
    @Override
    public void half() throws IOException {
      ByteBuffer half = bytes.slice(bytes.position(), bytes.remaining() / 2);
      for (long at = position; half.hasRemaining(); ) {
        at += channel.write(half, at);
      }
    }
  }

  private void beforeWrite(ByteBuffer bytes, long position) throws IOException {
    watch.before(new Pending(file, bytes.asReadOnlyBuffer(), position, channel));
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    beforeWrite(bytes, channel.position());
    return channel.write(bytes);
  }

  @Override
  public int write(ByteBuffer bytes, long position) throws IOException {
    beforeWrite(bytes, position);
    return channel.write(bytes, position);
  }

  @Override
  public long write(ByteBuffer[] all, int offset, int length) {
    throw new UnsupportedOperationException("nothing gathers");
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    if (size < channel.size()) {
      watch.before(Change.TRUNCATE, file);
    }
    channel.truncate(size);
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    watch.before(Files.isDirectory(file) ? Change.SYNC_NAMES : Change.SYNC, file);
    channel.force(metaData);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return channel.read(target);
  }

  @Override
  public long read(ByteBuffer[] all, int offset, int length) throws IOException {
    return channel.read(all, offset, length);
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return channel.read(target, position);
  }

  @Override
  public long position() throws IOException {
    return channel.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    channel.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    return channel.transferTo(position, count, target);
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count) {
    throw new UnsupportedOperationException("nothing transfers");
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    requireReadOnly(mode);
    return channel.map(mode, position, size);
  }

  @Override
  public MemorySegment map(MapMode mode, long offset, long size, Arena arena) throws IOException {
    requireReadOnly(mode);
    return channel.map(mode, offset, size, arena);
  }

  /** Writes through a mapping would go unseen. */
  private static void requireReadOnly(MapMode mode) {
    if (!mode.equals(MapMode.READ_ONLY)) {
      throw new UnsupportedOperationException("nothing writes through a mapping");
    }
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    return channel.lock(position, size, shared);
  }

  @Override
  public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return channel.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    channel.close();
  }
}
