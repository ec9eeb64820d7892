package org.hanse.simulation.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkingDirectoryTest {
  @TempDir private Path place;

  @Test
  void close_temporary_nothingIsLeft() throws Exception {
    WorkingDirectory directory = WorkingDirectory.open(Optional.empty());
    Files.createDirectories(directory.path().resolve("a/b"));
    Files.writeString(directory.path().resolve("a/b/c"), "x");
    // A link out of it is removed, not followed.
    Path outside = Files.writeString(place.resolve("outside"), "y");
    Files.createSymbolicLink(directory.path().resolve("link"), outside);

    directory.close();

    assertThat(directory.path()).doesNotExist();
    assertThat(outside).exists();
    directory.close();
  }

  @Test
  void close_kept_allIsLeft() throws Exception {
    WorkingDirectory directory = WorkingDirectory.open(Optional.of(place.resolve("new")));
    Files.writeString(directory.path().resolve("a"), "x");

    directory.close();

    assertThat(place.resolve("new/a")).exists();
  }

  @Test
  void open_directoryWithFiles_refused() throws Exception {
    Files.writeString(place.resolve("a"), "x");

    assertThatThrownBy(() -> WorkingDirectory.open(Optional.of(place)))
        .isInstanceOfSatisfying(
            DemoFailure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_ARGUMENTS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a/b"})
  void open_fileOrBelowOne_refused(String keep) throws Exception {
    Files.writeString(place.resolve("a"), "x");

    assertThatThrownBy(() -> WorkingDirectory.open(Optional.of(place.resolve(keep))))
        .isInstanceOfSatisfying(
            DemoFailure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_ARGUMENTS))
        .hasMessageContaining("--keep " + place.resolve(keep));
  }
}
