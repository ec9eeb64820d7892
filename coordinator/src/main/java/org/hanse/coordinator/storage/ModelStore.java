package org.hanse.coordinator.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.hanse.core.plan.Hash;

/** A job's models, float32 little-endian, each in a file named by its hash. Thread-safe. */
public final class ModelStore {
  private static final String DRAFT = ".draft";

  private final JobFiles files;

  public ModelStore(JobFiles files) {
    this.files = files;
  }

  /** A model to be written piece by piece; nobody sees it before it is complete. */
  public ModelDraft draft(long sizeBytes) throws IOException {
    Durability.createDirectories(files.models());
    return ModelDraft.create(
        Files.createTempFile(files.models(), "", DRAFT), files.models(), sizeBytes);
  }

  /** Opens a complete model; the caller closes it. */
  public Optional<VectorFile> open(Hash model) throws IOException {
    Path file = files.model(model);
    return Files.exists(file) ? Optional.of(VectorFile.open(file)) : Optional.empty();
  }

  /** Deletes what nobody writes any more; to be called before anybody does. */
  public void discardDrafts() throws IOException {
    try (Stream<Path> all = Files.list(files.models())) {
      for (Path file : all.filter(ModelStore::isDraft).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static boolean isDraft(Path file) {
    return file.getFileName().toString().endsWith(DRAFT);
  }

  /** Deletes all models but these. */
  public void keepOnly(Set<Hash> models) throws IOException {
    try (Stream<Path> all = Files.list(files.models())) {
      for (Path file : all.toList()) {
        String name = file.getFileName().toString();
        if (!isDraft(file) && models.stream().noneMatch(m -> m.toHex().equals(name))) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
