package org.hanse.client.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** When the files of a directory were last written. */
final class FileTimes {
  private FileTimes() {}

  /** Of the files whose names match, the newest one's time. */
  static Optional<Instant> newest(Path directory, Predicate<String> name) throws IOException {
    Optional<Instant> newest = Optional.empty();
    for (Path file : list(directory)) {
      if (name.test(file.getFileName().toString())) {
        Instant written = written(file);
        newest = newest.filter(known -> known.isAfter(written)).or(() -> Optional.of(written));
      }
    }
    return newest;
  }

  static void deleteWrittenBefore(Path directory, Instant limit) throws IOException {
    for (Path file : list(directory)) {
      if (written(file).isBefore(limit)) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private static Instant written(Path file) throws IOException {
    return Files.getLastModifiedTime(file).toInstant();
  }
}
