package org.hanse.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.crypto.Fingerprints;
import org.hanse.core.crypto.Mersenne61;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ComplaintReason;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.RoundTranscript;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.mask.Encapsulations;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.ChunkRequest;
import org.hanse.wire.value.DataPiece;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobExplanation;
import org.hanse.wire.value.JobOrder;
import org.hanse.wire.value.JobStanding;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.JobSummary;
import org.hanse.wire.value.RoundReport;
import org.hanse.wire.value.TrainingReport;
import org.hanse.wire.value.UploadPart;
import org.hanse.wire.value.UploadedChunk;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;
import org.hanse.wire.value.WorkPosition;
import org.hanse.wire.value.WorkStage;

/** Random valid values: every list has at least two elements unless it may hold only one. */
final class Samples {
  private static final String NAME_CHARS = "abcdefghijklmnopqrstuvwxyz0123456789";

  // Some of each closed list, so that a longer list leaves the golden bytes alone.
  private static final SiteRefusal[] REFUSALS = {
    SiteRefusal.ROSTER_WITHOUT_SELF, SiteRefusal.RESULT_FORGED
  };
  private static final AbortReason[] ABORTS = {
    AbortReason.QUORUM_NOT_REACHED, AbortReason.ABORTED_BY_USER
  };
  private static final TrainingReport.DeclineReason[] DECLINES = {
    TrainingReport.DeclineReason.NOT_APPROVED,
    TrainingReport.DeclineReason.POLICY,
    TrainingReport.DeclineReason.DATA,
    TrainingReport.DeclineReason.TRAINING_FAILED,
    TrainingReport.DeclineReason.MODEL
  };
  private static final DropReason[] DROPS = {DropReason.SILENT, DropReason.WRONG_ROOT};

  private final Random random;
  private boolean hybrid;

  Samples(long seed) {
    random = new Random(seed);
  }

  /** From now on with the parts that only hybrid suites have. */
  Samples hybrid() {
    hybrid = true;
    return this;
  }

  private Optional<Bytes> hybridBytes(int size) {
    return hybrid ? Optional.of(bytes(size)) : Optional.empty();
  }

  Bytes bytes(int size) {
    return Bytes.of(array(size));
  }

  byte[] array(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  Hash hash() {
    return new Hash(bytes(32));
  }

  Bytes key() {
    return bytes(32);
  }

  Bytes signature() {
    return bytes(64);
  }

  Fingerprint fingerprint() {
    return new Fingerprint(bytes(32));
  }

  long tag() {
    return random.nextLong(Mersenne61.PRIME);
  }

  int between(int min, int max) {
    return min + random.nextInt(max - min + 1);
  }

  long between(long min, long max) {
    return random.nextLong(min, max + 1);
  }

  <T> T oneOf(T[] values) {
    return values[random.nextInt(values.length)];
  }

  String name() {
    StringBuilder name = new StringBuilder();
    int length = between(1, 63);
    for (int i = 0; i < length; i++) {
      boolean inner = i > 0 && i < length - 1;
      name.append(
          inner && random.nextInt(8) == 0
              ? '-'
              : NAME_CHARS.charAt(random.nextInt(NAME_CHARS.length())));
    }
    return name.toString();
  }

  String text() {
    String[] words = {"Hospital", "Zürich", "東京", "\"quoted\"", "back\\slash", "🧪", "a b"};
    return Stream.generate(() -> oneOf(words)).limit(between(1, 5)).reduce("", String::concat);
  }

  JobId job() {
    return new JobId(name());
  }

  AttemptId attempt() {
    return new AttemptId(
        new RoundId(job(), between(1, Limits.MAX_ROUNDS)), between(0, Limits.MAX_ATTEMPTS - 1));
  }

  <T> List<T> list(int min, int max, Supplier<T> element) {
    return Stream.generate(element).limit(between(min, max)).toList();
  }

  /** In ascending order of their keys, none twice. */
  <T, K extends Comparable<K>> List<T> ascending(
      int min, int max, Supplier<T> element, Function<T, K> key) {
    List<T> values = new ArrayList<>(list(min, max, element));
    values.sort((a, b) -> key.apply(a).compareTo(key.apply(b)));
    return values;
  }

  FromSite.Advertisement advertisement() {
    return new FromSite.Advertisement(
        fingerprint(), agreementKey(), agreementKey(), hash(), hash(), signature());
  }

  FromSite.ShareEntry entry() {
    return new FromSite.ShareEntry(
        fingerprint(), bytes(12), bytes(112), hash(), hash(), hybridBytes(1088), hybridBytes(1088));
  }

  private AgreementPublicKey agreementKey() {
    return new AgreementPublicKey(key(), hybridBytes(1184));
  }

  FromSite.Shares shares() {
    return new FromSite.Shares(
        hash(), ascending(2, 6, this::entry, FromSite.ShareEntry::to), hash(), signature());
  }

  FromSite.Release release() {
    List<Integer> indices = new ArrayList<>(Stream.iterate(1, i -> i + 1).limit(256).toList());
    Collections.shuffle(indices, random);
    List<FromSite.ReleasedShare> shares =
        indices.stream()
            .limit(between(2, 6))
            .sorted()
            .map(i -> new FromSite.ReleasedShare(i, oneOf(FromSite.ShareKind.values()), element()))
            .toList();
    return new FromSite.Release(bytes(32), shares, signature());
  }

  private Bytes element() {
    byte[] littleEndian = array(32);
    littleEndian[31] &= 0x3f;
    return Bytes.of(littleEndian);
  }

  FromSite.UploadCommit commit() {
    long length = between(2, WireLimits.MAX_MASKED_ELEMENTS);
    long chunks = (length + Limits.CHUNK_ELEMENTS - 1) / Limits.CHUNK_ELEMENTS;
    return new FromSite.UploadCommit(hash(), chunks, length, tag(), tag(), signature());
  }

  AttemptMessage sent(FromSite message) {
    return new AttemptMessage(attempt(), message);
  }

  FromSite.Confirmation confirmation() {
    return new FromSite.Confirmation(hash(), signature());
  }

  FromSite.Verdict verdict() {
    boolean ok = random.nextBoolean();
    Hash root = hash();
    Hash next = hash();
    return new FromSite.Verdict(ok, root, ok ? next : FromSite.Verdict.NO_MODEL, signature());
  }

  FromSite.Withdrawal withdrawal() {
    return new FromSite.Withdrawal(oneOf(REFUSALS));
  }

  FromSite.Complaint complaint() {
    return new FromSite.Complaint(fingerprint(), oneOf(ComplaintReason.values()), signature());
  }

  RoundReport report(TrainingReport report) {
    return new RoundReport(attempt().round(), report);
  }

  TrainingReport.Declined declined() {
    return new TrainingReport.Declined(oneOf(DECLINES));
  }

  AdoptionProof adoption() {
    return new AdoptionProof(
        attempt(),
        hash(),
        ascending(2, 6, this::fingerprint, f -> f),
        hash(),
        hash(),
        list(2, 5, () -> new AdoptionProof.SignedVerdict(fingerprint(), key(), signature())));
  }

  Work work(WorkContent content) {
    AttemptId attempt = attempt();
    boolean adopted = content instanceof WorkContent.Train train && train.adoption().isPresent();
    if (adopted && attempt.round().round() == 1) {
      attempt = new AttemptId(attempt.round().next(), 0);
    }
    return Work.of(
        content.stage().precedesAttempts() ? new AttemptId(attempt.round(), 0) : attempt,
        between(0, Limits.MAX_DEADLINE_SECONDS),
        content);
  }

  WorkContent.Train train(boolean adopted) {
    return new WorkContent.Train(
        hash(), hash(), adopted ? Optional.of(adoption()) : Optional.empty());
  }

  WorkContent.Start start() {
    return new WorkContent.Start(hash(), list(2, 4, () -> bytes(between(1, 8192))));
  }

  ToSite.Roster roster() {
    return new ToSite.Roster(ascending(2, 5, this::advertisement, FromSite.Advertisement::site));
  }

  ToSite.SharesFor sharesFor() {
    return new ToSite.SharesFor(
        ascending(
            2,
            5,
            () -> new ToSite.SharerCommitment(fingerprint(), hash(), signature()),
            ToSite.SharerCommitment::site),
        ascending(2, 5, this::delivery, ToSite.Delivery::dealer));
  }

  ToSite.Delivery delivery(int pathLength) {
    return new ToSite.Delivery(
        fingerprint(), between(0, 254), entry(), list(pathLength, pathLength, this::hash));
  }

  private ToSite.Delivery delivery() {
    return new ToSite.Delivery(fingerprint(), between(0, 254), entry(), list(2, 8, this::hash));
  }

  ToSite.Survivors survivors() {
    return new ToSite.Survivors(
        ascending(
            2,
            5,
            () -> new ToSite.Survivor(fingerprint(), hash(), tag(), tag(), signature()),
            ToSite.Survivor::site));
  }

  ToSite.Quorum quorum() {
    return new ToSite.Quorum(
        ascending(
            2,
            5,
            () -> new ToSite.Endorsement(fingerprint(), hash(), signature()),
            ToSite.Endorsement::site));
  }

  ToSite.Result result() {
    return new ToSite.Result(hash(), hash(), tag(), tag(), key(), signature());
  }

  Revelation revelation() {
    SortedMap<Fingerprint, SecretBytes> secrets = new TreeMap<>();
    for (Fingerprint site : list(2, 5, this::fingerprint)) {
      secrets.put(site, SecretBytes.adopt(array(32)));
    }
    return new Revelation(
        secrets, hybrid ? new Encapsulations(list(1, 3, this::delivery)) : Encapsulations.NONE);
  }

  ChunkRequest chunkRequest() {
    return new ChunkRequest(attempt(), fingerprint(), between(0, WireLimits.MAX_UPLOAD_CHUNKS - 1));
  }

  UploadedChunk uploadedChunk() {
    return new UploadedChunk(
        array(4 * between(1, 64)), list(2, WireLimits.MAX_CHUNK_PATH_HASHES, this::hash));
  }

  RoundTranscript transcript() {
    return new RoundTranscript(
        new ToSite.RoundStart(
            attempt(), hash(), ascending(2, 5, this::rosterEntry, RosterEntry::site)),
        roster().advertisements(),
        ascending(
            2,
            5,
            () -> new RoundTranscript.Dealt(fingerprint(), shares()),
            RoundTranscript.Dealt::site),
        survivors().survivors(),
        quorum(),
        ascending(
            2,
            5,
            () -> new RoundTranscript.Released(fingerprint(), release()),
            RoundTranscript.Released::site),
        result(),
        ascending(
            2,
            5,
            () -> new RoundTranscript.Voted(fingerprint(), verdict()),
            RoundTranscript.Voted::site));
  }

  private RosterEntry rosterEntry() {
    Bytes key = key();
    return new RosterEntry(Fingerprints.of(key), key);
  }

  WorkContent.AttemptClosed closed(boolean published) {
    return new WorkContent.AttemptClosed(published ? Optional.empty() : Optional.of(oneOf(ABORTS)));
  }

  Optional<AbortReason> reason(JobState state) {
    return state.endsEarly() ? Optional.of(oneOf(ABORTS)) : Optional.empty();
  }

  JobOrder order() {
    return new JobOrder("alice", random.nextBoolean() ? "" : text());
  }

  JobStanding standing(JobState state) {
    return switch (state) {
      case PAUSED ->
          random.nextBoolean()
              ? JobStanding.pausedBy(order())
              : JobStanding.of(state, oneOf(ABORTS));
      case ABORTED -> JobStanding.abortedBy(order());
      case QUEUED, RUNNING, COMPLETED, FAILED ->
          new JobStanding(state, reason(state), Optional.empty());
    };
  }

  JobState endState() {
    return oneOf(new JobState[] {JobState.COMPLETED, JobState.FAILED, JobState.ABORTED});
  }

  WorkContent.JobEnded ended(JobState state) {
    return new WorkContent.JobEnded(state, reason(state));
  }

  WorkPosition position() {
    WorkStage stage = oneOf(WorkStage.values());
    AttemptId attempt = attempt();
    return new WorkPosition(
        between(0, 3),
        stage.precedesAttempts() ? new AttemptId(attempt.round(), 0) : attempt,
        stage);
  }

  UploadPart.Chunk chunk(boolean first) {
    return new UploadPart.Chunk(
        first ? Optional.of(attempt()) : Optional.empty(),
        between(0, WireLimits.MAX_UPLOAD_CHUNKS - 1),
        array(4 * between(1, 64)));
  }

  DataPiece piece() {
    return new DataPiece(between(0, WireLimits.MAX_VECTOR_BYTES), array(between(1, 256)));
  }

  JobSummary summary() {
    return summary(List.of());
  }

  JobSummary summary(List<JobSummary.Convicted> convicted) {
    JobState state = oneOf(JobState.values());
    long planned = between(1, Limits.MAX_ROUNDS);
    long published = between(0, planned);
    return new JobSummary(
        job(),
        text(),
        standing(state),
        new JobSummary.Progress(
            published,
            planned,
            convicted,
            Optional.of(
                new JobSummary.Best(hash(), between(0, published), name(), random.nextGaussian()))),
        hash(),
        hash(),
        random.nextBoolean() ? "" : text());
  }

  JobExplanation explanation() {
    return new JobExplanation(
        summary(),
        random.nextBoolean() ? Optional.empty() : Optional.of(between(1, 1L << 42)),
        text(),
        list(
            2,
            4,
            () ->
                new JobExplanation.SiteStanding(
                    new SiteId(name()),
                    oneOf(JobExplanation.Standing.values()),
                    random.nextBoolean() ? Optional.empty() : Optional.of(between(1, 1L << 42)))),
        list(0, 3, this::job));
  }

  JobEventEntry entry(JobEventValue event) {
    return new JobEventEntry(between(1, 1L << 40), between(0, 1L << 42), event);
  }

  JobEventValue.StageReached stageReached() {
    WorkPosition position = position();
    return new JobEventValue.StageReached(position.attempt(), position.stage(), between(0, 256));
  }

  JobEventValue.RoundPublished roundPublished() {
    return new JobEventValue.RoundPublished(
        attempt(),
        between(2, 256),
        list(2, 4, () -> new JobEventValue.MetricMean(name(), random.nextGaussian())),
        hash(),
        between(0, 1L << 50),
        random.nextDouble() * 1000);
  }

  JobEventValue.AttemptAborted attemptAborted() {
    return new JobEventValue.AttemptAborted(attempt(), oneOf(ABORTS));
  }

  JobEventValue.SiteLeft siteLeft() {
    AttemptId attempt = attempt();
    SiteId site = new SiteId(name());
    return random.nextBoolean()
        ? new JobEventValue.SiteLeft(
            attempt, site, new JobEventValue.LeaveReason.Dropped(oneOf(DROPS)))
        : new JobEventValue.SiteLeft(
            new AttemptId(attempt.round(), 0),
            site,
            new JobEventValue.LeaveReason.Declined(oneOf(DECLINES)));
  }

  JobEventValue.ShareRefused shareRefused() {
    return new JobEventValue.ShareRefused(
        attempt(),
        new SiteId("holder-" + between(0, 9)),
        new SiteId("dealer-" + between(0, 9)),
        oneOf(ComplaintReason.values()));
  }

  JobEventValue.DealerConvicted dealerConvicted() {
    return new JobEventValue.DealerConvicted(attempt(), new SiteId(name()));
  }

  JobEventValue.Finished finished() {
    return new JobEventValue.Finished(standing(endState()), hash(), between(0, Limits.MAX_ROUNDS));
  }
}
