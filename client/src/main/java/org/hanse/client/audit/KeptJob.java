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
  private static final String ROUNDS = "rounds";
  private static final String UPLOADS = "uploads";
  private static final String ROUND_NAME = "[1-9][0-9]{0,6}";

  /** Where jobs may lie under a directory that somebody names. */
  private static final List<String> PLACES = List.of("jobs", "data/jobs", "coordinator/data/jobs");

  /**
   * What lies under a directory.
   *
   * @param jobs ascending by place and id
   * @param unreadable what looks like a job and is none that can be audited, and why
   */
  public record Found(List<KeptJob> jobs, List<String> unreadable) {
    public Found {
      jobs = List.copyOf(jobs);
      unreadable = List.copyOf(unreadable);
    }
  }

  /**
   * The jobs of a coordinator's data directory, of a directory that the demo kept, or of one job's
   * own directory.
   *
   * @throws IOException if a directory cannot be listed
   */
  public static Found find(Path directory) throws IOException {
    List<Path> candidates = new ArrayList<>();
    if (isJob(directory)) {
      candidates.add(directory);
    }
    for (String place : PLACES) {
      Path all = directory.resolve(place);
      if (Files.isDirectory(all)) {
        candidates.addAll(sorted(all).stream().filter(KeptJob::isJob).toList());
      }
    }
    List<KeptJob> jobs = new ArrayList<>();
    List<String> unreadable = new ArrayList<>();
    for (Path candidate : candidates) {
      try {
        jobs.add(read(candidate));
      } catch (IOException e) {
        unreadable.add(String.valueOf(e.getMessage()));
      }
    }
    return new Found(jobs, unreadable);
  }

  private static boolean isJob(Path directory) {
    return KeptFiles.isThere(directory.resolve(MANIFEST))
        || Files.isDirectory(directory.resolve(ROUNDS));
  }

  private static KeptJob read(Path directory) throws IOException {
    Path file = directory.resolve(MANIFEST);
    Bytes exact = Bytes.of(KeptFiles.read(file, Limits.MAX_MANIFEST_BYTES));
    try {
      return new KeptJob(directory, ManifestCodec.decode(exact), Contexts.planHash(exact));
    } catch (MalformedMessageException e) {
      throw new IOException(file + " is no manifest: " + e.getMessage(), e);
    }
  }

  /** Nothing if there is no such directory. */
  private static List<Path> sorted(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    }
  }

  /** Rounds of which there is a transcript, ascending. */
  public List<Long> published() throws IOException {
    return rounds().stream().filter(round -> KeptFiles.isThere(transcript(round))).toList();
  }

  /**
   * Rounds with files that only a round with a result has, and no transcript; ascending. The job's
   * last round may still be running.
   */
  public List<Long> withoutTranscript() throws IOException {
    List<Long> left = new ArrayList<>();
    for (long round : rounds()) {
      if (!KeptFiles.isThere(transcript(round)) && holdsVectors(round)) {
        left.add(round);
      }
    }
    return left;
  }

  private boolean holdsVectors(long round) throws IOException {
    for (Path attempt : sorted(round(round))) {
      if (Files.isDirectory(attempt)
          && (KeptFiles.isThere(attempt.resolve("sum"))
              || !sorted(attempt.resolve(UPLOADS)).isEmpty())) {
        return true;
      }
    }
    return false;
  }

  private List<Long> rounds() throws IOException {
    return sorted(directory.resolve(ROUNDS)).stream()
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
    return directory.resolve(ROUNDS).resolve(Long.toString(round));
  }

  private Path attempt(AttemptId attempt) {
    return round(attempt.round().round()).resolve("attempt-" + attempt.attempt());
  }

  /** The uploads' directory, if there are any. */
  Optional<Path> uploads(AttemptId attempt) throws IOException {
    Path uploads = attempt(attempt).resolve(UPLOADS);
    return sorted(uploads).isEmpty() ? Optional.empty() : Optional.of(uploads);
  }

  static Path upload(Path uploads, Fingerprint site) {
    return uploads.resolve(site.toHex());
  }

  Optional<Path> sum(AttemptId attempt) {
    return Optional.of(attempt(attempt).resolve("sum")).filter(KeptFiles::isThere);
  }

  Optional<Path> model(Hash hash) {
    return Optional.of(directory.resolve("models").resolve(hash.toHex()))
        .filter(KeptFiles::isThere);
  }
}
