package org.hanse.coordinator.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;

/**
 * Where a job's files are. Every piece of a path is an id by the rule of {@link JobId}, a number or
 * hexadecimal digits, so none can leave the job's directory.
 */
public record JobFiles(Path directory) {

  private static final String UPLOADS = "uploads";

  public static JobFiles of(Path dataDirectory, JobId job) {
    return new JobFiles(dataDirectory.resolve("jobs").resolve(job.value()));
  }

  /** Whether the job is, or was, here. */
  public boolean exists() {
    return Files.exists(directory);
  }

  /** The exact bytes that were submitted. */
  Path manifest() {
    return directory.resolve("manifest.json");
  }

  /** Deletes the job with all it holds. */
  public void delete() throws IOException {
    Durability.deleteTree(directory);
  }

  /** Numbers of the rounds of which there are files, ascending. */
  public List<Long> rounds() throws IOException {
    Path rounds = directory.resolve("rounds");
    if (!Files.isDirectory(rounds)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(rounds)) {
      return all.map(round -> Long.valueOf(String.valueOf(round.getFileName()))).sorted().toList();
    }
  }

  /** Deletes what sites uploaded in a round that is over; nothing happens if that was done. */
  public void deleteUploads(RoundId round) throws IOException {
    for (Path uploads : uploads(round)) {
      Durability.deleteTree(uploads);
    }
  }

  /** Of a round that is over, leaves the uploads alone, as {@link UploadSpool#keep} does. */
  public void keepUploads(RoundId round) throws IOException {
    for (Path uploads : uploads(round)) {
      List<Path> all;
      try (Stream<Path> files = Files.list(uploads)) {
        all = files.filter(UploadSpool::isHashes).toList();
      }
      for (Path hashes : all) {
        Files.deleteIfExists(hashes);
      }
    }
  }

  /** Directories of all attempts of a round. */
  private List<Path> uploads(RoundId round) throws IOException {
    if (!Files.isDirectory(round(round))) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(round(round))) {
      return all.map(attempt -> attempt.resolve(UPLOADS)).filter(Files::isDirectory).toList();
    }
  }

  Path models() {
    return directory.resolve("models");
  }

  Path model(Hash hash) {
    return models().resolve(hash.toHex());
  }

  Path round(RoundId round) {
    return directory.resolve("rounds").resolve(Long.toString(round.round()));
  }

  Path transcript(RoundId round) {
    return round(round).resolve("transcript");
  }

  Path attempt(AttemptId attempt) {
    return round(attempt.round()).resolve("attempt-" + attempt.attempt());
  }

  Path uploads(AttemptId attempt) {
    return attempt(attempt).resolve(UPLOADS);
  }

  Path upload(AttemptId attempt, Fingerprint site) {
    return uploads(attempt).resolve(site.toHex());
  }

  Path sum(AttemptId attempt) {
    return attempt(attempt).resolve("sum");
  }
}
