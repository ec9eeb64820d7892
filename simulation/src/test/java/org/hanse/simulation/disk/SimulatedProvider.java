package org.hanse.simulation.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hanse.simulation.disk.DiskFaults.Operation;
import org.hanse.simulation.world.World;
import org.jspecify.annotations.Nullable;

/** What java.nio.file asks of a simulated disk. */
final class SimulatedProvider extends FileSystemProvider {
  private final DiskView view;

  SimulatedProvider(DiskView view) {
    this.view = view;
  }

  @Override
  public String getScheme() {
    return "simulated";
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    view.begin(Operation.OPEN, path);
    boolean writes = options.contains(StandardOpenOption.WRITE);
    if (path.getNameCount() == 0) {
      return new SimulatedChannel(view, path, view.disk().node(path), false);
    }
    Disk.Place place = view.disk().place(path);
    Node node = place.node();
    if (node != null && options.contains(StandardOpenOption.CREATE_NEW)) {
      throw new FileAlreadyExistsException(path.toString());
    }
    if (node == null) {
      if (!options.contains(StandardOpenOption.CREATE)
          && !options.contains(StandardOpenOption.CREATE_NEW)) {
        throw new NoSuchFileException(path.toString());
      }
      view.begin(Operation.WRITE, path);
      Node.File made = view.disk().createFile(place);
      made.modifiedNanos = view.process().world().nanos();
      node = made;
    }
    if (node instanceof Node.File file
        && writes
        && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
      file.truncate(0);
    }
    return new SimulatedChannel(view, path, node, writes);
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
    view.begin(Operation.READ, directory);
    if (!(view.disk().node(directory) instanceof Node.Directory found)) {
      throw new NotDirectoryException(directory.toString());
    }
    List<Path> listed = new ArrayList<>();
    for (String name : found.entries.keySet()) {
      Path entry = directory.resolve(name);
      if (filter.accept(entry)) {
        listed.add(entry);
      }
    }
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return listed.iterator();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    view.begin(Operation.WRITE, directory);
    view.disk().createDirectory(directory);
  }

  @Override
  public void delete(Path path) throws IOException {
    view.begin(Operation.DELETE, path);
    view.disk().delete(path);
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    view.begin(Operation.RENAME, target);
    if (!List.of(options).contains(StandardCopyOption.ATOMIC_MOVE)) {
      throw new UnsupportedOperationException("a move that is not atomic");
    }
    view.disk().move(source, target);
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    return view.disk().node(path) == view.disk().node(other);
  }

  @Override
  public boolean isHidden(Path path) {
    return false;
  }

  @Override
  public FileStore getFileStore(Path path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    view.disk().node(path);
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return null;
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return type.cast(new Attributes(view.disk().node(path)));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
    throw new UnsupportedOperationException(attributes);
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
    throw new UnsupportedOperationException(attribute);
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException();
  }

  private record Attributes(Node node) implements BasicFileAttributes {
    @Override
    public FileTime lastModifiedTime() {
      long nanos = node instanceof Node.File file ? file.modifiedNanos : 0;
      return FileTime.from(World.EPOCH.plusNanos(nanos));
    }

    @Override
    public FileTime lastAccessTime() {
      return lastModifiedTime();
    }

    @Override
    public FileTime creationTime() {
      return lastModifiedTime();
    }

    @Override
    public boolean isRegularFile() {
      return node instanceof Node.File;
    }

    @Override
    public boolean isDirectory() {
      return node instanceof Node.Directory;
    }

    @Override
    public boolean isSymbolicLink() {
      return false;
    }

    @Override
    public boolean isOther() {
      return false;
    }

    @Override
    public long size() {
      return node instanceof Node.File file ? file.size() : 0;
    }

    @Override
    public Object fileKey() {
      return node;
    }
  }
}
