package org.hanse.client.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.IntChunks;

/**
 * Sums while they are fetched and checked. None outlives the client: what checks it is in memory
 * only.
 */
public final class ResultFiles {
  private final Path directory;

  /** Clears {@code directory}, which is this store's alone. */
  public ResultFiles(Path directory) throws IOException {
    this.directory = directory;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  /** A download of the attempt's sum, begun or resumed. */
  public PartialFile download(AttemptId attempt, Chunking chunking) throws IOException {
    return PartialFile.resume(path(attempt), chunking.lengthBytes());
  }

  /** The complete sum, mapped. */
  public IntChunks open(AttemptId attempt, Chunking chunking) throws IOException {
    return VectorFiles.ints(path(attempt), chunking);
  }

  /** Forgets the attempt's sum. */
  public void delete(AttemptId attempt) throws IOException {
    Files.deleteIfExists(path(attempt));
  }

  private Path path(AttemptId attempt) {
    return directory.resolve(
        attempt.round().job() + "." + attempt.round().round() + "." + attempt.attempt() + ".sum");
  }
}
