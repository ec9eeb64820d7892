package org.hanse.simulation.crash.disk;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.jspecify.annotations.Nullable;

/** A path of the real file system; its address and its {@link File} lead there directly. */
record WatchedPath(WatchedFileSystem fileSystem, Path real) implements Path {

  private WatchedPath of(Path other) {
    return new WatchedPath(fileSystem, other);
  }

  private @Nullable WatchedPath ofNullable(@Nullable Path other) {
    return other == null ? null : of(other);
  }

  @Override
  public FileSystem getFileSystem() {
    return fileSystem;
  }

  @Override
  public boolean isAbsolute() {
    return real.isAbsolute();
  }

  @Override
  public @Nullable Path getRoot() {
    return ofNullable(real.getRoot());
  }

  @Override
  public @Nullable Path getFileName() {
    return ofNullable(real.getFileName());
  }

  @Override
  public @Nullable Path getParent() {
    return ofNullable(real.getParent());
  }

  @Override
  public int getNameCount() {
    return real.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return of(real.getName(index));
  }

  @Override
  public Path subpath(int beginIndex, int endIndex) {
    return of(real.subpath(beginIndex, endIndex));
  }

  @Override
  public boolean startsWith(Path other) {
    return real.startsWith(WatchedDisk.real(other));
  }

  @Override
  public boolean endsWith(Path other) {
    return real.endsWith(WatchedDisk.real(other));
  }

  @Override
  public Path normalize() {
    return of(real.normalize());
  }

  @Override
  public Path resolve(Path other) {
    return of(real.resolve(WatchedDisk.real(other)));
  }

  @Override
  public Path relativize(Path other) {
    return of(real.relativize(WatchedDisk.real(other)));
  }

  @Override
  public URI toUri() {
    return real.toUri();
  }

  @Override
  public File toFile() {
    return real.toFile();
  }

  @Override
  public Path toAbsolutePath() {
    return of(real.toAbsolutePath());
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    return of(real.toRealPath(options));
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int compareTo(Path other) {
    return real.compareTo(WatchedDisk.real(other));
  }

  @Override
  public String toString() {
    return real.toString();
  }
}
