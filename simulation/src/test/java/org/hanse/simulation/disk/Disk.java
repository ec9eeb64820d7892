package org.hanse.simulation.disk;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.hanse.simulation.world.SimulatedProcess;
import org.jspecify.annotations.Nullable;

/**
 * One machine's disk; outlives its processes. Names change in one order, as in the journal of a
 * file system: a power cut keeps a beginning of what was not synced.
 */
public final class Disk {
  private final SplittableRandom random;
  private final Node.Directory root = new Node.Directory();
  private final List<Change> unsyncedNames = new ArrayList<>();
  private final Map<Path, SimulatedProcess> locks = new HashMap<>();
  private DiskFaults faults = DiskFaults.NONE;

  /** A change of names, to be made on what survives. */
  private record Change(List<Node.Directory> directories, Node node, Runnable onSynced) {}

  /** Where a name is. */
  record Place(Node.Directory directory, String name) {
    @Nullable Node node() {
      return directory.entries.get(name);
    }
  }

  public Disk(SplittableRandom random) {
    this.random = random;
  }

  /** From now on. */
  public void setFaults(DiskFaults now) {
    faults = now;
  }

  DiskFaults faults() {
    return faults;
  }

  Place place(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    Node.Directory at = root;
    int names = absolute.getNameCount();
    for (int i = 0; i < names - 1; i++) {
      Node next = at.entries.get(absolute.getName(i).toString());
      if (next == null) {
        throw new NoSuchFileException(path.toString());
      }
      if (!(next instanceof Node.Directory directory)) {
        throw new NotDirectoryException(path.toString());
      }
      at = directory;
    }
    return new Place(at, absolute.getName(names - 1).toString());
  }

  Node node(Path path) throws IOException {
    if (path.toAbsolutePath().normalize().getNameCount() == 0) {
      return root;
    }
    Node found = place(path).node();
    if (found == null) {
      throw new NoSuchFileException(path.toString());
    }
    return found;
  }

  Node.File createFile(Place place) {
    Node.File file = new Node.File();
    link(place, file);
    return file;
  }

  void createDirectory(Path path) throws IOException {
    Place place = place(path);
    if (place.node() != null) {
      throw new FileAlreadyExistsException(path.toString());
    }
    link(place, new Node.Directory());
  }

  private void link(Place place, Node node) {
    place.directory().entries.put(place.name(), node);
    unsyncedNames.add(
        new Change(
            List.of(place.directory()),
            node,
            () -> place.directory().synced.put(place.name(), node)));
  }

  void delete(Path path) throws IOException {
    Place place = place(path);
    Node node = place.node();
    if (node == null) {
      throw new NoSuchFileException(path.toString());
    }
    if (node instanceof Node.Directory directory && !directory.entries.isEmpty()) {
      throw new DirectoryNotEmptyException(path.toString());
    }
    place.directory().entries.remove(place.name());
    unsyncedNames.add(
        new Change(
            List.of(place.directory()), node, () -> place.directory().synced.remove(place.name())));
  }

  void move(Path from, Path to) throws IOException {
    Place source = place(from);
    Place target = place(to);
    Node node = source.node();
    if (node == null) {
      throw new NoSuchFileException(from.toString());
    }
    if (target.node() instanceof Node.Directory full && !full.entries.isEmpty()) {
      throw new DirectoryNotEmptyException(to.toString());
    }
    source.directory().entries.remove(source.name());
    target.directory().entries.put(target.name(), node);
    unsyncedNames.add(
        new Change(
            List.of(source.directory(), target.directory()),
            node,
            () -> {
              source.directory().synced.remove(source.name());
              target.directory().synced.put(target.name(), node);
            }));
  }

  /** What has a name in the directory, or had, keeps its whole history. */
  void syncNames(Node.Directory directory) {
    Set<Node> touched = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Change change : unsyncedNames) {
      if (change.directories().contains(directory)) {
        touched.add(change.node());
      }
    }
    List<Change> later = new ArrayList<>();
    for (Change change : unsyncedNames) {
      if (touched.contains(change.node())) {
        change.onSynced().run();
      } else {
        later.add(change);
      }
    }
    unsyncedNames.clear();
    unsyncedNames.addAll(later);
  }

  /** Whether {@code process} has it now. */
  boolean lock(Path path, SimulatedProcess process) {
    SimulatedProcess holder = locks.get(path);
    if (holder != null && holder.alive()) {
      return false;
    }
    locks.put(path, process);
    return true;
  }

  void unlock(Path path) {
    locks.remove(path);
  }

  /** What was never synced is lost, in part or wholly. All processes must be dead. */
  public void losePower() {
    int kept = unsyncedNames.isEmpty() ? 0 : random.nextInt(unsyncedNames.size() + 1);
    unsyncedNames.subList(0, kept).forEach(change -> change.onSynced().run());
    unsyncedNames.clear();
    revert(root);
    locks.clear();
  }

  private void revert(Node.Directory directory) {
    directory.entries.clear();
    directory.entries.putAll(directory.synced);
    for (Node node : directory.entries.values()) {
      switch (node) {
        case Node.Directory below -> revert(below);
        case Node.File file -> file.losePower(random);
      }
    }
  }

  /** Flips one bit of one file whose path matches; false if there is none. */
  public boolean flipBit(Predicate<String> path) {
    Map<String, Node.File> files = new TreeMap<>();
    collect("", root, files);
    List<Node.File> matching =
        files.entrySet().stream()
            .filter(entry -> path.test(entry.getKey()) && entry.getValue().size() > 0)
            .map(Map.Entry::getValue)
            .toList();
    if (matching.isEmpty()) {
      return false;
    }
    matching.get(random.nextInt(matching.size())).flipBit(random);
    return true;
  }

  private static void collect(String path, Node.Directory directory, Map<String, Node.File> into) {
    directory.entries.forEach((name, node) -> {
      switch (node) {
        case Node.Directory below -> collect(path + "/" + name, below, into);
        case Node.File file -> into.put(path + "/" + name, file);
      }
    });
  }
}
