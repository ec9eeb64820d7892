package org.hanse.client.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Steps that make files survive a power cut. */
public final class DurableFiles {
  private static final FileAttribute<?>[] OWNER_ONLY =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
          ? new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
          }
          : new FileAttribute<?>[0];

  private DurableFiles() {}

  /** Opens a file for writing, made if it is not there: then only its owner may read it. */
  static FileChannel openPrivate(Path file, StandardOpenOption... further) throws IOException {
    Set<OpenOption> options = new HashSet<>(List.of(further));
    options.add(StandardOpenOption.CREATE);
    options.add(StandardOpenOption.WRITE);
    return FileChannel.open(file, options, OWNER_ONLY);
  }

  /** Makes names made, changed or removed in {@code directory} durable. */
  static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Gives a finished, synced file its name: afterwards it is there whole or not at all. */
  public static void publish(Path finished, Path name) throws IOException {
    Files.move(finished, name, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path directory = name.getParent();
    if (directory != null) {
      syncDirectory(directory);
    }
  }
}
