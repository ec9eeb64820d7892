package org.hanse.coordinator.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What survives a power cut, and who else on the machine may read it: nobody. */
final class Durability {
  private static final Set<PosixFilePermission> OWNER_DIRECTORY =
      PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(
          EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));

  private Durability() {}

  /** Makes the names in a directory durable. */
  interface DirectorySync {
    void sync(Path directory) throws IOException;
  }

  /** A directory and its parents, readable by the owner only; on return their names are durable. */
  static Path createDirectories(Path directory) throws IOException {
    return createDirectories(directory, Durability::syncDirectory);
  }

  static Path createDirectories(Path directory, DirectorySync names) throws IOException {
    if (Files.isDirectory(directory)) {
      return directory;
    }
    Path absolute = directory.toAbsolutePath();
    Path parent = createDirectories(parentOf(absolute), names);
    try {
      Files.createDirectory(absolute, PosixFilePermissions.asFileAttribute(OWNER_DIRECTORY));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(absolute)) {
        throw e;
      }
    }
    // Also where another thread has just created it: that one may not have come to this line.
    names.sync(parent);
    return directory;
  }

  /** A new file, readable by the owner only; an existing one is an error. */
  static FileChannel createNew(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
        OWNER_FILE);
  }

  /** A file to be read and written, readable by the owner only if it is new. */
  static FileChannel openOrCreate(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
        OWNER_FILE);
  }

  static void writeFully(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  /**
   * Fills {@code target} from {@code position} on.
   *
   * @throws IOException also if the file is shorter than that
   */
  static void readFully(FileChannel channel, ByteBuffer target, long position) throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int count = channel.read(target, at);
      if (count < 0) {
        throw new IOException("file ends at " + at);
      }
      at += count;
    }
  }

  /** Moves a synced file to its name; on return the name is durable too. */
  static void publish(Path draft, Path file) throws IOException {
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncDirectory(parentOf(file));
  }

  /** Writes a small file whole or not at all. */
  static void writeAtomically(Path file, byte[] content) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".draft");
    Files.deleteIfExists(draft);
    try (FileChannel channel = createNew(draft)) {
      writeFully(channel, ByteBuffer.wrap(content), 0);
      channel.force(true);
    }
    publish(draft, file);
  }

  /** Makes created, renamed and deleted names in {@code directory} durable. */
  static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Deletes a directory with all it holds; links are deleted, not followed. */
  static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(directory)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }

  private static Path parentOf(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("no directory holds " + file);
    }
    return parent;
  }
}
