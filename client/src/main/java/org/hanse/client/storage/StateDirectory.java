package org.hanse.client.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The directory in which one running client keeps its state. Held by a lock: two clients with one
 * journal could release twice.
 */
public final class StateDirectory implements AutoCloseable {
  private static final String LOCK = "lock";

  private final Path root;
  private final FileChannel lockFile;

  private StateDirectory(Path root, FileChannel lockFile) {
    this.root = root;
    this.lockFile = lockFile;
  }

  /**
   * Makes the directory if it is not there, and locks it until {@link #close()} or the process's
   * end.
   *
   * @throws IOException if it cannot be made, or another client holds it
   */
  public static StateDirectory open(Path directory) throws IOException {
    createPrivate(directory);
    FileChannel lockFile = DurableFiles.openPrivate(directory.resolve(LOCK));
    boolean locked = false;
    try {
      locked = tryLock(lockFile) != null;
    } finally {
      if (!locked) {
        lockFile.close();
      }
    }
    if (!locked) {
      throw new IOException("another running client uses the state directory " + directory);
    }
    return new StateDirectory(directory, lockFile);
  }

  /** Whether a running client holds it. */
  public static boolean isHeld(Path directory) throws IOException {
    Path file = directory.resolve(LOCK);
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel lockFile = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = tryLock(lockFile)) {
      return lock == null;
    }
  }

  /** Null if a client holds it, be it within this very process. */
  private static @Nullable FileLock tryLock(FileChannel lockFile) throws IOException {
    try {
      return lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  public Path root() {
    return root;
  }

  /** A directory of this name in the state directory, made if it is not there. */
  public Path subdirectory(String name) throws IOException {
    Path directory = root.resolve(name);
    createPrivate(directory);
    return directory;
  }

  /** Lets another client in. */
  @Override
  public void close() throws IOException {
    lockFile.close();
  }

  /** A directory and its parents; on return the names of those that were made are durable. */
  static void createPrivate(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      createPrivate(parent);
    }
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectory(directory);
    }
    if (parent != null) {
      // Or a power cut takes the journal with its directory, and the site releases once more.
      DurableFiles.syncDirectory(parent);
    }
  }
}
