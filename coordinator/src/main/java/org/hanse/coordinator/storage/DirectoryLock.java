package org.hanse.coordinator.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.hanse.coordinator.storage.StorageException.Code;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a data directory for one coordinator: two would each take the other's jobs for their own.
 * The operating system lets go of it when the process ends, however it ends.
 */
public final class DirectoryLock implements Closeable {
  // Closing any channel of a file drops the locks that this process has on it: whoever asks again
  // within the process must not get as far as opening the file.
  private static final Set<Path> HELD = new HashSet<>();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * Makes the directory if there is none, for the owner only.
   *
   * @throws StorageException with {@link Code#IN_USE} if another has it
   */
  public static DirectoryLock take(Path directory) throws IOException {
    Path real = Durability.createDirectories(directory).toRealPath();
    synchronized (HELD) {
      FileChannel channel = HELD.contains(real) ? null : locked(real.resolve("lock"));
      if (channel == null) {
        throw new StorageException(
            Code.IN_USE,
            "another coordinator runs on the data directory "
                + directory
                + "; end it, or give this one a directory of its own");
      }
      HELD.add(real);
      return new DirectoryLock(real, channel);
    }
  }

  private static @Nullable FileChannel locked(Path file) throws IOException {
    FileChannel channel = Durability.openOrCreate(file);
    boolean held = false;
    try {
      held = channel.tryLock() != null;
    } finally {
      if (!held) {
        channel.close();
      }
    }
    return held ? channel : null;
  }

  @Override
  public void close() throws IOException {
    synchronized (HELD) {
      if (channel.isOpen()) {
        channel.close();
        HELD.remove(directory);
      }
    }
  }
}
