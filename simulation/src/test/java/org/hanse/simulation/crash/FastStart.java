package org.hanse.simulation.crash;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * What lets many virtual machines start soon on a small machine: an archive of the classes that the
 * first of them has loaded. A virtual machine archives classes of jars only.
 */
final class FastStart {
  private static final List<String> ALWAYS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-Xmx256m",
          "-Xlog:disable");

  private final String classPath;
  private final Path archive;

  private FastStart(String classPath, Path archive) {
    this.classPath = classPath;
    this.archive = archive;
  }

  /** Makes jars of this process's class path in {@code directory}. */
  static FastStart in(Path directory) throws IOException {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        entries.add(jar(path, directory.resolve("classes-" + entries.size() + ".jar")).toString());
      } else if (Files.exists(path)) {
        entries.add(entry);
      }
    }
    return new FastStart(
        String.join(File.pathSeparator, entries), directory.resolve("classes.jsa"));
  }

  private static Path jar(Path classes, Path jar) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(classes)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      entries.setLevel(0);
      for (Path file : files) {
        entries.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, entries);
      }
    }
    return jar;
  }

  /** The options of a virtual machine that writes the archive when it ends in order. */
  List<String> recording() {
    return options("-XX:ArchiveClassesAtExit=" + archive);
  }

  /** The options of a virtual machine that uses the archive, if it is there. */
  List<String> replaying() {
    return Files.exists(archive) ? options("-XX:SharedArchiveFile=" + archive) : options();
  }

  private List<String> options(String... further) {
    List<String> options = new ArrayList<>(ALWAYS);
    options.addAll(List.of(further));
    options.addAll(List.of("-cp", classPath));
    return options;
  }
}
