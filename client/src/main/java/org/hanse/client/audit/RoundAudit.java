package org.hanse.client.audit;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.hanse.client.storage.VectorFiles;
import org.hanse.client.update.NextModel;
import org.hanse.core.crypto.MerkleRootBuilder;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.encode.AggregateGates;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AuditCheck;
import org.hanse.core.secagg.AuditSample;
import org.hanse.core.secagg.ChunkTree;
import org.hanse.core.secagg.JobTerms;
import org.hanse.core.secagg.RoundTranscript;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.coordinator.TranscriptVerifier;
import org.hanse.core.secagg.coordinator.TranscriptVerifier.CheckedRound;
import org.hanse.core.secagg.site.JournalEntry;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.FloatVector;
import org.hanse.core.vector.IntChunks;
import org.hanse.core.vector.LittleEndian;
import org.hanse.wire.MalformedMessageException;
import org.hanse.wire.TranscriptMessages;

/** Audits the rounds of one job. Not thread-safe. */
public final class RoundAudit {
  /** 256 sites with 255 boxes each, and room. */
  private static final int MAX_TRANSCRIPT_BYTES = 64 << 20;

  private final KeptJob job;
  private final Scope scope;
  private final TranscriptVerifier verifier;
  private final Chunking chunking;

  /** What rounds whose transcripts hold ended in: each is verified once, read by two audits. */
  private final Map<Long, Hash> nextModels = new HashMap<>();

  /**
   * How much is checked.
   *
   * @param full every chunk, and all files must be there
   * @param sample chunks to recompute unless full
   * @param site whose journal is asked too
   */
  public record Scope(boolean full, int sample, RandomGenerator random, Optional<SiteView> site) {}

  /** Ends the audit of a round. */
  private static final class BrokenException extends Exception {
    @Serial private static final long serialVersionUID = 1L;
    private final AuditCheck check;

    BrokenException(AuditCheck check, String detail) {
      super(detail, null, false, false);
      this.check = check;
    }
  }

  public RoundAudit(KeptJob job, Scope scope) {
    this.job = job;
    this.scope = scope;
    this.verifier = new TranscriptVerifier(job.manifest(), job.planHash());
    this.chunking = UpdateEncoding.of(job.manifest()).chunking();
  }

  /**
   * Checks one round, and that it starts from the model that the published round before it ended
   * in.
   *
   * @throws IOException if a file that is there cannot be read
   */
  public RoundFinding audit(long round) throws IOException {
    try {
      return check(round);
    } catch (BrokenException e) {
      return new RoundFinding.Broken(round, e.check, String.valueOf(e.getMessage()));
    }
  }

  /**
   * What is missing of a job whose last round is over: transcripts of rounds that left other files,
   * and of rounds after which the site went on from another model.
   */
  public List<RoundFinding> missing() throws IOException {
    List<Long> published = job.published();
    List<Long> without = job.withoutTranscript();
    long last = Stream.concat(published.stream(), without.stream()).max(Long::compare).orElse(0L);
    List<RoundFinding> findings = new ArrayList<>();
    for (long round : without) {
      findings.add(
          round == last && !scope.full()
              ? new RoundFinding.Unfinished(round)
              : new RoundFinding.Broken(
                  round, AuditCheck.TRANSCRIPT, "it is missing, uploads or sum are not"));
    }
    scope.site().map(site -> site.roundsWithModel(job.manifest().job())).orElse(List.of()).stream()
        .filter(round -> !published.contains(round) && !without.contains(round))
        .map(round ->
            new RoundFinding.Broken(
                round, AuditCheck.SITE, "the site has a model of it, the transcript is missing"))
        .forEach(findings::add);
    return findings;
  }

  private RoundFinding.Holds check(long round) throws IOException, BrokenException {
    RoundTranscript transcript = read(round);
    AttemptId attempt = transcript.start().attempt();
    CheckedRound checked = verify(transcript);
    nextModels.put(round, checked.nextModelHash());
    try {
      requireChain(round, transcript.start().modelHash());
      List<RoundFinding.Missing> missing = new ArrayList<>();
      requireSite(transcript, checked, missing);
      Map<Fingerprint, IntChunks> uploads = uploads(attempt, checked, missing);
      Optional<IntChunks> sum = sum(attempt, checked, missing);
      long recomputed = 0;
      if (sum.isPresent() && !uploads.isEmpty()) {
        recomputed = recompute(checked, uploads, sum.get());
      }
      models(transcript.start(), checked.nextModelHash(), sum, missing);
      if (scope.full() && !missing.isEmpty()) {
        throw new BrokenException(AuditCheck.KEPT, "missing: " + missing);
      }
      return new RoundFinding.Holds(
          attempt,
          checked.survivors().size(),
          recomputed,
          chunking.chunkCount(),
          missing,
          checked.nextModelHash());
    } finally {
      checked.unmasker().erase();
    }
  }

  private RoundTranscript read(long round) throws BrokenException {
    RoundTranscript transcript;
    try {
      transcript =
          TranscriptMessages.decode(KeptFiles.read(job.transcript(round), MAX_TRANSCRIPT_BYTES));
    } catch (MalformedMessageException | IOException e) {
      throw new BrokenException(AuditCheck.TRANSCRIPT, String.valueOf(e.getMessage()));
    }
    long named = transcript.start().attempt().round().round();
    if (named != round) {
      throw new BrokenException(AuditCheck.TRANSCRIPT, "it is of round " + named);
    }
    return transcript;
  }

  private CheckedRound verify(RoundTranscript transcript) throws BrokenException {
    return switch (verifier.verify(transcript)) {
      case TranscriptVerifier.Finding.Sound(CheckedRound round) -> round;
      case TranscriptVerifier.Finding.Broken(AuditCheck check, String detail) ->
          throw new BrokenException(check, detail);
    };
  }

  /** Rounds that brought no model have no transcript and changed nothing. */
  private void requireChain(long round, Hash base) throws IOException, BrokenException {
    Optional<Long> before =
        job.published().stream().filter(other -> other < round).max(Long::compare);
    Hash expected = job.manifest().training().initialModelHash();
    if (before.isPresent()) {
      expected = nextModelOf(before.get());
    }
    if (!base.equals(expected)) {
      throw new BrokenException(AuditCheck.CHAIN, "it starts from " + base + ", not " + expected);
    }
  }

  private Hash nextModelOf(long round) throws BrokenException {
    Hash known = nextModels.get(round);
    if (known != null) {
      return known;
    }
    try {
      CheckedRound checked = verify(read(round));
      checked.unmasker().erase();
      return checked.nextModelHash();
    } catch (BrokenException e) {
      throw new BrokenException(AuditCheck.CHAIN, "round " + round + " before it does not hold");
    }
  }

  private void requireSite(
      RoundTranscript transcript, CheckedRound checked, List<RoundFinding.Missing> missing)
      throws BrokenException {
    if (scope.site().isEmpty()) {
      return;
    }
    var round = transcript.start().attempt().round();
    Optional<JournalEntry.Released> release = scope.site().get().release(round);
    // A site that released in an earlier attempt of the round is not in this one.
    boolean tookPart =
        release.filter(r -> r.attempt().equals(transcript.start().attempt())).isPresent();
    if (tookPart
        && (!release.get().context().equals(checked.context())
            || !release.get().statement().equals(transcript.result().statement()))) {
      throw new BrokenException(
          AuditCheck.SITE, "the site released for statement " + release.get().statement());
    }
    Optional<Hash> model = scope.site().get().model(round);
    if (model.isPresent() && !model.get().equals(checked.nextModelHash())) {
      throw new BrokenException(AuditCheck.SITE, "the site went on from model " + model.get());
    }
    if (release.isEmpty() && model.isEmpty()) {
      missing.add(RoundFinding.Missing.SITE);
    }
  }

  private Map<Fingerprint, IntChunks> uploads(
      AttemptId attempt, CheckedRound checked, List<RoundFinding.Missing> missing)
      throws IOException, BrokenException {
    Optional<Path> directory = job.uploads(attempt);
    if (directory.isEmpty()) {
      missing.add(RoundFinding.Missing.UPLOADS);
      return Map.of();
    }
    Map<Fingerprint, IntChunks> uploads = new HashMap<>();
    for (ToSite.Survivor survivor : checked.survivors()) {
      Fingerprint site = survivor.site();
      IntChunks upload = open(AuditCheck.UPLOAD_FILES, KeptJob.upload(directory.get(), site));
      ChunkTree tree = ChunkTree.ofUpload(checked.context(), site);
      for (long chunk = 0; chunk < chunking.chunkCount(); chunk++) {
        tree.add(bytes(upload, chunk));
      }
      if (!tree.root().equals(survivor.root())) {
        throw new BrokenException(AuditCheck.UPLOAD_FILES, "the upload of " + site);
      }
      uploads.put(site, upload);
    }
    return uploads;
  }

  private static byte[] bytes(IntChunks vector, long chunk) {
    return LittleEndian.bytes(vector.read(chunk), vector.chunking().elementBytes());
  }

  private IntChunks open(AuditCheck check, Path file) throws BrokenException {
    try {
      return VectorFiles.ints(KeptFiles.requireRegular(file), chunking);
    } catch (IOException e) {
      throw new BrokenException(check, String.valueOf(e.getMessage()));
    }
  }

  private Optional<IntChunks> sum(
      AttemptId attempt, CheckedRound checked, List<RoundFinding.Missing> missing)
      throws BrokenException {
    Optional<Path> file = job.sum(attempt);
    if (file.isEmpty()) {
      missing.add(RoundFinding.Missing.SUM);
      return Optional.empty();
    }
    IntChunks sum = open(AuditCheck.SUM, file.get());
    ChunkTree tree = ChunkTree.ofResult(checked.context());
    AggregateGates gates =
        new AggregateGates(UpdateEncoding.of(job.manifest()), checked.survivors().size());
    AggregateGates.Progress progress = AggregateGates.Progress.START;
    for (long chunk = 0; chunk < chunking.chunkCount(); chunk++) {
      int[] elements = sum.read(chunk);
      tree.add(LittleEndian.bytes(elements, chunking.elementBytes()));
      progress = gates.take(progress, chunk, elements);
    }
    if (!tree.root().equals(checked.resultRoot())) {
      throw new BrokenException(AuditCheck.SUM, "another root");
    }
    if (gates.finish(progress).isPresent()) {
      throw new BrokenException(AuditCheck.SUM, "it breaks a gate");
    }
    return Optional.of(sum);
  }

  /** How many chunks were recomputed. */
  private long recompute(CheckedRound checked, Map<Fingerprint, IntChunks> uploads, IntChunks sum)
      throws BrokenException {
    int wanted = scope.full() ? Math.toIntExact(chunking.chunkCount()) : scope.sample();
    NavigableSet<Long> sample =
        AuditSample.choose(chunking.chunkCount(), wanted, bound -> scope.random().nextLong(bound));
    for (long chunk : sample) {
      int[] recomputed =
          checked
              .unmasker()
              .unmask(
                  chunk,
                  (site, number) -> bytes(Objects.requireNonNull(uploads.get(site)), number));
      if (!Arrays.equals(recomputed, sum.read(chunk))) {
        throw new BrokenException(AuditCheck.CHUNKS, "chunk " + chunk);
      }
    }
    return sample.size();
  }

  private void models(
      ToSite.RoundStart start,
      Hash next,
      Optional<IntChunks> sum,
      List<RoundFinding.Missing> missing)
      throws BrokenException {
    Optional<FloatVector> before = model(start.modelHash());
    Optional<FloatVector> after = model(next);
    if (before.isEmpty() || after.isEmpty()) {
      missing.add(RoundFinding.Missing.MODELS);
    }
    if (before.isPresent()
        && sum.isPresent()
        && !recomputed(start, before.get(), sum.get()).equals(next)) {
      throw new BrokenException(AuditCheck.MODEL, "base and sum give another model than " + next);
    }
  }

  private Optional<FloatVector> model(Hash hash) throws BrokenException {
    Optional<Path> file = job.model(hash);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      FloatVector model =
          VectorFiles.model(
              KeptFiles.requireRegular(file.get()), job.manifest().layout().parameterCount());
      if (!ModelHash.of(model.segment()).equals(hash)) {
        throw new BrokenException(AuditCheck.MODEL, "the file of " + hash + " is another model");
      }
      return Optional.of(model);
    } catch (IOException e) {
      throw new BrokenException(AuditCheck.MODEL, String.valueOf(e.getMessage()));
    }
  }

  private Hash recomputed(ToSite.RoundStart start, FloatVector base, IntChunks sum)
      throws BrokenException {
    Hash encodingContext =
        new JobTerms(job.manifest(), job.planHash())
            .encodingContext(start.attempt().round(), start.modelHash());
    MerkleRootBuilder root = new MerkleRootBuilder();
    long[] pieces = {0};
    boolean finite =
        NextModel.compute(
            job.manifest(),
            encodingContext,
            base,
            sum,
            piece -> root.add(ModelHash.leaf(pieces[0]++, piece.segment())));
    if (!finite) {
      throw new BrokenException(AuditCheck.MODEL, "base and sum give no finite model");
    }
    return root.root();
  }
}
