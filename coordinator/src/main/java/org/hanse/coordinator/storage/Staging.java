package org.hanse.coordinator.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.hanse.core.plan.Bytes;

/**
 * Where a submitted job's initial model is written before the job exists. Closing deletes whatever
 * did not become a job.
 */
public final class Staging implements Closeable {
  private final Path dataDirectory;
  private final JobFiles files;
  private final ModelDraft model;

  private Staging(Path dataDirectory, JobFiles files, ModelDraft model) {
    this.dataDirectory = dataDirectory;
    this.files = files;
    this.model = model;
  }

  /**
   * A new place below the data directory.
   *
   * @param modelBytes size of the initial model
   */
  public static Staging create(Path dataDirectory, long modelBytes) throws IOException {
    Path incoming = Durability.createDirectories(incoming(dataDirectory));
    JobFiles files = new JobFiles(Files.createTempDirectory(incoming, "job-"));
    return new Staging(dataDirectory, files, new ModelStore(files).draft(modelBytes));
  }

  /** Deletes what submissions left behind that no process receives any more. */
  public static void discardAll(Path dataDirectory) throws IOException {
    Durability.deleteTree(incoming(dataDirectory));
  }

  private static Path incoming(Path dataDirectory) {
    return dataDirectory.resolve("incoming");
  }

  /** The initial model. */
  public ModelDraft model() {
    return model;
  }

  /** Bytes that may still be written to the disk. */
  public long usableBytes() throws IOException {
    return Files.getFileStore(dataDirectory).getUsableSpace();
  }

  /** Makes the complete model and its manifest durable: the long part of {@link #publish}. */
  public void complete(Bytes manifest) throws IOException {
    model.publish();
    Durability.writeAtomically(files.manifest(), manifest.toByteArray());
  }

  /** Makes a job of what is complete, durably; there must be no files of the job. */
  public void publish(JobFiles target) throws IOException {
    Path jobs = Durability.createDirectories(dataDirectory.resolve("jobs"));
    Files.move(files.directory(), target.directory(), StandardCopyOption.ATOMIC_MOVE);
    Durability.syncDirectory(jobs);
  }

  @Override
  public void close() throws IOException {
    model.close();
    Durability.deleteTree(files.directory());
  }
}
