package org.hanse.simulation.crash.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.hanse.simulation.crash.disk.DiskWatch.Change;
import org.jspecify.annotations.Nullable;

/** The real disk behind paths of its own; everything is done there, after the watch was told. */
public final class WatchedDisk extends FileSystemProvider {
  private final FileSystemProvider disk;
  private final DiskWatch watch;
  private final WatchedFileSystem fileSystem;

  public WatchedDisk(FileSystem disk, DiskWatch watch) {
    this.disk = disk.provider();
    this.watch = watch;
    this.fileSystem = new WatchedFileSystem(this, disk);
  }

  /** The watched path to what {@code real} leads to. */
  public Path watched(Path real) {
    return new WatchedPath(fileSystem, real);
  }

  static Path real(Path path) {
    return path instanceof WatchedPath watched ? watched.real() : path;
  }

  @Override
  public String getScheme() {
    return "watched";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return fileSystem;
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    Path real = real(path);
    boolean writes = options.contains(StandardOpenOption.WRITE);
    if (writes
        && (options.contains(StandardOpenOption.CREATE)
            || options.contains(StandardOpenOption.CREATE_NEW))
        && !Files.exists(real)) {
      watch.before(Change.CREATE, real);
    } else if (writes
        && options.contains(StandardOpenOption.TRUNCATE_EXISTING)
        && Files.size(real) > 0) {
      watch.before(Change.TRUNCATE, real);
    }
    return new WatchedChannel(real, disk.newFileChannel(real, options, attributes), watch);
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    DirectoryStream<Path> names =
        disk.newDirectoryStream(real(directory), real -> filter.accept(watched(real)));
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        Iterator<Path> all = names.iterator();
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            return all.hasNext();
          }

          @Override
          public Path next() {
            return watched(all.next());
          }
        };
      }

      @Override
      public void close() throws IOException {
        names.close();
      }
    };
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    if (!Files.exists(real(directory))) {
      watch.before(Change.MAKE_DIRECTORY, real(directory));
    }
    disk.createDirectory(real(directory), attributes);
  }

  @Override
  public void delete(Path path) throws IOException {
    if (Files.exists(real(path), LinkOption.NOFOLLOW_LINKS)) {
      watch.before(Change.DELETE, real(path));
    }
    disk.delete(real(path));
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) {
    throw new UnsupportedOperationException("nothing copies files");
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    watch.before(Change.RENAME, real(source));
    disk.move(real(source), real(target), options);
  }

  @Override
  public boolean isSameFile(Path one, Path other) throws IOException {
    return disk.isSameFile(real(one), real(other));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return disk.isHidden(real(path));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return disk.getFileStore(real(path));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    disk.checkAccess(real(path), modes);
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return disk.getFileAttributeView(real(path), type, options);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return disk.readAttributes(real(path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    return disk.readAttributes(real(path), attributes, options);
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    disk.setAttribute(real(path), attribute, value, options);
  }
}
