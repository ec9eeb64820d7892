package org.hanse.client.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file in the state directory by which one command asks the client that runs there to finish its
 * rounds and end.
 */
public final class DrainRequest {
  private final Path file;

  /** That of the client whose state directory this is. */
  public DrainRequest(Path stateDirectory) {
    this.file = stateDirectory.resolve("drain");
  }

  /** Whether somebody asks. */
  public boolean isMade() {
    return Files.exists(file);
  }

  public void make() throws IOException {
    DurableFiles.openPrivate(file).close();
  }

  /** A client that starts is meant to run. */
  public void clear() throws IOException {
    Files.deleteIfExists(file);
  }
}
