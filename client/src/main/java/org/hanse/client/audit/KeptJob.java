package org.hanse.client.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.Limits;
import org.hanse.core.secagg.Contexts;
import org.hanse.wire.MalformedMessageException;
import org.hanse.wire.ManifestCodec;

/**
 * The files that a coordinator has of one job.
 *
 * @param directory as the coordinator lays it out
 * @param planHash over the manifest's exact bytes: compare it with the one that was approved
 */
public record KeptJob(Path directory, JobManifest manifest, Hash planHash) {
  private static final String MANIFEST = "manifest.json";
  private static final String ROUND_NAME = "[1-9][0-9]{0,6}";

  /** Where jobs may lie under a directory that somebody names. */
  private static final List<String> PLACES = List.of("jobs", "data/jobs", "coordinator/data/jobs");

  /**
   * The jobs of a coordinator's data directory, of a directory that the demo kept, or of one job's
   * own directory; ascending by id.
   *
   * @throws IOException if a manifest cannot be read, or is none
   */
  public static List<KeptJob> find(Path directory) throws IOException {
    if (Files.exists(directory.resolve(MANIFEST))) {
      return List.of(read(directory));
    }
    List<KeptJob> jobs = new ArrayList<>();
    for (String place : PLACES) {
      Path all = directory.resolve(place);
      if (Files.isDirectory(all)) {
        for (Path job : sorted(all)) {
          if (Files.exists(job.resolve(MANIFEST))) {
            jobs.add(read(job));
          }
        }
      }
    }
    return jobs;
  }

  private static KeptJob read(Path directory) throws IOException {
    Path file = directory.resolve(MANIFEST);
    if (Files.size(file) > Limits.MAX_MANIFEST_BYTES) {
      throw new IOException(file + " is too large for a manifest");
    }
    Bytes exact = Bytes.of(Files.readAllBytes(file));
    try {
      return new KeptJob(directory, ManifestCodec.decode(exact), Contexts.planHash(exact));
    } catch (MalformedMessageException e) {
      throw new IOException(file + " is no manifest: " + e.getMessage(), e);
    }
  }

  private static List<Path> sorted(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    }
  }

  /** Rounds of which there is a transcript, ascending. */
  public List<Long> rounds() throws IOException {
    Path all = directory.resolve("rounds");
    if (!Files.isDirectory(all)) {
      return List.of();
    }
    return sorted(all).stream()
        .filter(round -> Files.exists(round.resolve("transcript")))
        .map(round -> round.getFileName().toString())
        .filter(name -> name.matches(ROUND_NAME))
        .map(Long::valueOf)
        .sorted()
        .toList();
  }

  Path transcript(long round) {
    return round(round).resolve("transcript");
  }

  private Path round(long round) {
    return directory.resolve("rounds").resolve(Long.toString(round));
  }

  private Path attempt(AttemptId attempt) {
    return round(attempt.round().round()).resolve("attempt-" + attempt.attempt());
  }

  /** The uploads' directory, if there are any. */
  Optional<Path> uploads(AttemptId attempt) throws IOException {
    Path uploads = attempt(attempt).resolve("uploads");
    return Files.isDirectory(uploads) && !sorted(uploads).isEmpty()
        ? Optional.of(uploads)
        : Optional.empty();
  }

  static Path upload(Path uploads, Fingerprint site) {
    return uploads.resolve(site.toHex());
  }

  Optional<Path> sum(AttemptId attempt) {
    return Optional.of(attempt(attempt).resolve("sum")).filter(Files::exists);
  }

  Optional<Path> model(Hash hash) {
    return Optional.of(directory.resolve("models").resolve(hash.toHex())).filter(Files::exists);
  }
}
