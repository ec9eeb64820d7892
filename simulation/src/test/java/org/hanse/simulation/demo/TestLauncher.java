package org.hanse.simulation.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.hanse.simulation.process.Launcher;

/** Stands for the launcher: a shell command for each kind of program. */
final class TestLauncher {
  private TestLauncher() {}

  /** Writes the script {@code hanse} into {@code directory}, where the commands run too. */
  static Launcher write(Path directory, String coordinator, String site, String command)
      throws IOException {
    Path script = directory.resolve("hanse");
    Files.writeString(
        script,
        """
        #!/usr/bin/env bash
        cd "$(dirname "$0")"
        case $1 in
          coordinator) %s ;;
          client) %s ;;
          *) %s ;;
        esac
        """
            .formatted(coordinator, site, command));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return new Launcher(script);
  }
}
