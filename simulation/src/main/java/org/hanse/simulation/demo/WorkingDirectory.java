package org.hanse.simulation.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the demo's files lie: a directory to keep, or one that is gone when this is closed. */
final class WorkingDirectory implements AutoCloseable {
  private final Path path;
  private final boolean kept;

  private WorkingDirectory(Path path, boolean kept) {
    this.path = path;
    this.kept = kept;
  }

  /**
   * Makes the directory.
   *
   * @throws DemoFailure if the directory to keep holds something already
   */
  static WorkingDirectory open(Optional<Path> keep) throws IOException, DemoFailure {
    if (keep.isEmpty()) {
      return new WorkingDirectory(Files.createTempDirectory("hanse-demo-"), false);
    }
    Path directory = Files.createDirectories(keep.get().toAbsolutePath().normalize());
    try (Stream<Path> content = Files.list(directory)) {
      if (content.findAny().isPresent()) {
        throw DemoFailure.badArguments(
            "--keep " + directory + " is not empty.", "Name a new directory, or empty this one.");
      }
    }
    return new WorkingDirectory(directory, true);
  }

  Path path() {
    return path;
  }

  boolean kept() {
    return kept;
  }

  @Override
  public void close() throws IOException {
    if (kept || !Files.exists(path)) {
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
