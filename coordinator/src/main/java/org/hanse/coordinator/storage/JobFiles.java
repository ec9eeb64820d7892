package org.hanse.coordinator.storage;

import java.io.IOException;
import java.nio.file.Path;
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

  public static JobFiles of(Path dataDirectory, JobId job) {
    return new JobFiles(dataDirectory.resolve("jobs").resolve(job.value()));
  }

  /** The exact bytes that were submitted. */
  Path manifest() {
    return directory.resolve("manifest.json");
  }

  /** Deletes the job with all it holds. */
  public void delete() throws IOException {
    Durability.deleteTree(directory);
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

  Path journal(RoundId round) {
    return round(round).resolve("journal");
  }

  Path transcript(RoundId round) {
    return round(round).resolve("transcript");
  }

  Path attempt(AttemptId attempt) {
    return round(attempt.round()).resolve("attempt-" + attempt.attempt());
  }

  Path uploads(AttemptId attempt) {
    return attempt(attempt).resolve("uploads");
  }

  Path upload(AttemptId attempt, Fingerprint site) {
    return uploads(attempt).resolve(site.toHex());
  }

  Path sum(AttemptId attempt) {
    return attempt(attempt).resolve("sum");
  }
}
