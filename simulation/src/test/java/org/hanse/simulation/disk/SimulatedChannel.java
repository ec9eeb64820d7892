package org.hanse.simulation.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;
import org.hanse.simulation.disk.DiskFaults.Operation;
import org.jspecify.annotations.Nullable;

/** An open file, or a directory opened to be synced. */
final class SimulatedChannel extends FileChannel {
  private final DiskView view;
  private final Path path;
  private final Node node;
  private final boolean writable;
  private int position;
  private boolean locked;

  SimulatedChannel(DiskView view, Path path, Node node, boolean writable) {
    this.view = view;
    this.path = path;
    this.node = node;
    this.writable = writable;
  }

  private Node.File file(Operation operation) throws IOException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
    if (Thread.currentThread().isInterrupted()) {
      close();
      throw new ClosedByInterruptException();
    }
    view.begin(operation, path);
    if (!(node instanceof Node.File file)) {
      throw new IOException(path + " is a directory");
    }
    if (operation == Operation.WRITE && !writable) {
      throw new NonWritableChannelException();
    }
    return file;
  }

  @Override
  public int read(ByteBuffer target, long at) throws IOException {
    Node.File file = file(Operation.READ);
    if (at >= file.size()) {
      return -1;
    }
    int count = (int) Math.min(target.remaining(), file.size() - at);
    target.put(file.content(), (int) at, count);
    return count;
  }

  @Override
  public int write(ByteBuffer source, long at) throws IOException {
    Node.File file = file(Operation.WRITE);
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    file.write((int) at, bytes);
    file.modifiedNanos = view.process().world().nanos();
    return bytes.length;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int count = read(target, position);
    position += Math.max(0, count);
    return count;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int count = write(source, position);
    position += count;
    return count;
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public FileChannel position(long newPosition) {
    position = (int) newPosition;
    return this;
  }

  @Override
  public long size() throws IOException {
    return file(Operation.READ).size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    file(Operation.WRITE).truncate((int) size);
    position = (int) Math.min(position, size);
    return this;
  }

  @Override
  public void force(boolean metadata) throws IOException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
    switch (node) {
      case Node.Directory directory -> {
        view.begin(Operation.SYNC_NAMES, path);
        view.disk().syncNames(directory);
      }
      case Node.File file -> file(Operation.SYNC).sync();
    }
  }

  @Override
  public MemorySegment map(MapMode mode, long offset, long size, Arena arena) throws IOException {
    byte[] bytes =
        Arrays.copyOfRange(file(Operation.READ).content(), (int) offset, (int) (offset + size));
    MemorySegment mapped = arena.allocate(Math.max(1, size), Long.BYTES).asSlice(0, size);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, mapped, 0, size);
    return mapped.asReadOnly();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long offset, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferTo(long offset, long count, WritableByteChannel target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long offset, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock lock(long offset, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }

  @Override
  public @Nullable FileLock tryLock(long offset, long size, boolean shared) {
    if (!view.disk().lock(path, view.process())) {
      throw new OverlappingFileLockException();
    }
    locked = true;
    return new FileLock(this, offset, size, shared) {
      @Override
      public boolean isValid() {
        return locked;
      }

      @Override
      public void release() {
        unlock();
      }
    };
  }

  private void unlock() {
    if (locked) {
      locked = false;
      view.disk().unlock(path);
    }
  }

  @Override
  protected void implCloseChannel() {
    unlock();
  }
}
