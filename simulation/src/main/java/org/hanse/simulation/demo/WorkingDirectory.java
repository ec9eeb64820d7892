package org.hanse.simulation.demo;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the demo's files lie: a directory to keep, or one that is gone when this is closed. */
final class WorkingDirectory implements AutoCloseable {
  /** It holds sites' records and keys. */
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path path;
  private final boolean kept;

  private WorkingDirectory(Path path, boolean kept) {
    this.path = path;
    this.kept = kept;
  }

  /**
   * Makes the directory.
   *
   * @throws DemoFailure if the directory to keep cannot be used, or holds something already
   */
  static WorkingDirectory open(Optional<Path> keep) throws IOException, DemoFailure {
    if (keep.isEmpty()) {
      return new WorkingDirectory(Files.createTempDirectory("hanse-demo-"), false);
    }
    Path directory = keep.get().toAbsolutePath().normalize();
    try {
      Files.createDirectories(directory, OWNER_ONLY);
    } catch (FileSystemException e) {
      throw unusable(directory);
    }
    if (!Files.isWritable(directory)) {
      throw unusable(directory);
    }
    try (Stream<Path> content = Files.list(directory)) {
      if (content.findAny().isPresent()) {
        throw DemoFailure.badArguments(
            "--keep " + directory + " is not empty.", "Name a new directory, or empty this one.");
      }
    }
    return new WorkingDirectory(directory, true);
  }

  private static DemoFailure unusable(Path directory) {
    return DemoFailure.badArguments(
        "--keep " + directory + " cannot be made, or is no directory that you may write to.",
        "Name a new directory in a place of your own.");
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
