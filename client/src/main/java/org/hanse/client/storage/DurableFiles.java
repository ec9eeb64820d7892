package org.hanse.client.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Steps that make files survive a power cut. */
public final class DurableFiles {
  private DurableFiles() {}

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
