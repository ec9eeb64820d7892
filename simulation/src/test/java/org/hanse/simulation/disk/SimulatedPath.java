package org.hanse.simulation.disk;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** A path on a simulated disk; its names are worked out by the platform's own. */
final class SimulatedPath implements Path {
  private final SimulatedFileSystem fileSystem;
  private final Path names;

  SimulatedPath(SimulatedFileSystem fileSystem, Path names) {
    this.fileSystem = fileSystem;
    this.names = names;
  }

  private Path of(Path other) {
    return new SimulatedPath(fileSystem, other);
  }

  private @Nullable Path ofNullable(@Nullable Path other) {
    return other == null ? null : of(other);
  }

  static Path names(Path path) {
    return path instanceof SimulatedPath simulated ? simulated.names : path;
  }

  @Override
  public FileSystem getFileSystem() {
    return fileSystem;
  }

  @Override
  public boolean isAbsolute() {
    return names.isAbsolute();
  }

  @Override
  @SuppressWarnings("NullAway") // as the interface has it
  public Path getRoot() {
    return ofNullable(names.getRoot());
  }

  @Override
  @SuppressWarnings("NullAway")
  public Path getFileName() {
    return ofNullable(names.getFileName());
  }

  @Override
  @SuppressWarnings("NullAway")
  public Path getParent() {
    return ofNullable(names.getParent());
  }

  @Override
  public int getNameCount() {
    return names.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return of(names.getName(index));
  }

  @Override
  public Path subpath(int beginIndex, int endIndex) {
    return of(names.subpath(beginIndex, endIndex));
  }

  @Override
  public boolean startsWith(Path other) {
    return names.startsWith(names(other));
  }

  @Override
  public boolean endsWith(Path other) {
    return names.endsWith(names(other));
  }

  @Override
  public Path normalize() {
    return of(names.normalize());
  }

  @Override
  public Path resolve(Path other) {
    return of(names.resolve(names(other)));
  }

  @Override
  public Path relativize(Path other) {
    return of(names.relativize(names(other)));
  }

  @Override
  public URI toUri() {
    return URI.create("simulated:" + names);
  }

  @Override
  public Path toAbsolutePath() {
    return isAbsolute() ? this : of(Path.of("/").resolve(names));
  }

  @Override
  public Path toRealPath(LinkOption... options) {
    return toAbsolutePath().normalize();
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Iterator<Path> iterator() {
    Iterator<Path> inner = names.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return inner.hasNext();
      }

      @Override
      public Path next() {
        return of(inner.next());
      }
    };
  }

  @Override
  public int compareTo(Path other) {
    return names.compareTo(names(other));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SimulatedPath path && names.equals(path.names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  @Override
  public String toString() {
    return names.toString();
  }
}
