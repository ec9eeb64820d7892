package org.hanse.coordinator.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.vector.Chunking;

/** The unmasked sums of a job's attempts: what every site of the job may read. Thread-safe. */
public final class SumStore {
  private final JobFiles files;
  private final Chunking chunking;

  public SumStore(JobFiles files, Chunking chunking) {
    this.files = files;
    this.chunking = chunking;
  }

  /** A sum to be written chunk by chunk; nobody else sees it before it is complete. */
  public SumDraft draft(AttemptId attempt) throws IOException {
    Durability.createDirectories(files.attempt(attempt));
    return SumDraft.create(files.sum(attempt), chunking);
  }

  /** Opens a complete sum; the caller closes it. */
  public Optional<VectorFile> open(AttemptId attempt) throws IOException {
    Path file = files.sum(attempt);
    return Files.exists(file) ? Optional.of(VectorFile.open(file)) : Optional.empty();
  }

  public void discard(AttemptId attempt) throws IOException {
    Files.deleteIfExists(files.sum(attempt));
  }
}
