package org.hanse.coordinator.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurabilityTest {
  @TempDir private Path directory;

  @Test
  void createDirectories_severalLevels_syncsTheNameOfEachOnceItIsThere() throws IOException {
    List<String> synced = new ArrayList<>();

    Path deepest =
        Durability.createDirectories(
            directory.resolve("a/b/c"),
            parent -> synced.add(directory.relativize(parent) + " holds " + names(parent)));

    assertThat(deepest).isDirectory();
    assertThat(synced).containsExactly(" holds [a]", "a holds [b]", "a/b holds [c]");
  }

  @Test
  void createDirectories_thatAreThere_nothingToSync() throws IOException {
    Files.createDirectories(directory.resolve("a/b"));
    List<Path> synced = new ArrayList<>();

    Durability.createDirectories(directory.resolve("a/b"), synced::add);

    assertThat(synced).isEmpty();
  }

  @Test
  void createDirectories_everyLevel_isTheOwnersAlone() throws IOException {
    Durability.createDirectories(directory.resolve("a/b"));

    for (String level : List.of("a", "a/b")) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(directory.resolve(level))))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void createDirectories_fileInTheWay_throws() throws IOException {
    Files.createFile(directory.resolve("a"));

    assertThatThrownBy(() -> Durability.createDirectories(directory.resolve("a")))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void writeAtomically_overAnOlderFile_leavesTheNewOneAlone() throws IOException {
    Path file = directory.resolve("file");
    Durability.writeAtomically(file, new byte[] {1, 2, 3});
    Files.write(directory.resolve("file.draft"), new byte[] {9}); // of a process that was killed

    Durability.writeAtomically(file, new byte[] {4});

    assertThat(file).hasBinaryContent(new byte[] {4});
    assertThat(names(directory)).containsExactly("file");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void deleteTree_withALink_leavesWhatItPointsTo() throws IOException {
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "kept");
    Path tree = Files.createDirectories(directory.resolve("tree/deep"));
    Files.createSymbolicLink(tree.resolve("link"), elsewhere);

    Durability.deleteTree(directory.resolve("tree"));

    assertThat(names(directory)).containsExactly("elsewhere");
    assertThat(elsewhere).hasContent("kept");
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
