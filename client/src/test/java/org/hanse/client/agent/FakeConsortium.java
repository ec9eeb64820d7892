package org.hanse.client.agent;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.hanse.core.crypto.Fingerprints;
import org.hanse.core.crypto.LinearTag;
import org.hanse.core.crypto.Mersenne61;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.core.secagg.ChunkTree;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.RoundTranscript;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.coordinator.AggregationEffect;
import org.hanse.core.secagg.coordinator.AggregationEvent;
import org.hanse.core.secagg.coordinator.AggregationMachine;
import org.hanse.core.secagg.coordinator.AggregationState;
import org.hanse.core.secagg.coordinator.AggregationStep;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.core.secagg.mask.TagKey;
import org.hanse.core.secagg.mask.Unmasker;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.FloatVector;
import org.hanse.core.vector.IntChunks;
import org.hanse.core.vector.LittleEndian;
import org.hanse.wire.value.ChunkRequest;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.TrainingReport;
import org.hanse.wire.value.UploadedChunk;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;
import org.hanse.wire.value.WorkPosition;
import org.hanse.wire.value.WorkStage;

/**
 * A coordinator in memory with four peers: the real protocol machines on both sides, the simplest
 * round logic around them. The agent under test is site 0. A round waits for the agent's answer
 * without a deadline; tests let go of it with {@link #loseAgent()}. Thread-safe.
 */
final class FakeConsortium implements FakePeer.Surroundings {
  final TestJob job;
  private final AggregationMachine machine;
  private final Map<Fingerprint, FakePeer> peers = new TreeMap<>();
  private final Map<Hash, FloatVector> models = new HashMap<>();
  private final FakeSpool spool;
  private final Deque<Runnable> traffic = new ArrayDeque<>();
  private final List<Runnable> heldVerdicts = new ArrayList<>();
  private final Fingerprint agent;

  private Hash model;
  private long round;
  private int attempt;
  private boolean agentTakesPart;
  private boolean agentVoted;
  private int sumsToSpoil;
  private long closedRound;
  private Optional<AggregationState> state = Optional.empty();
  private Optional<AdoptionProof> lastProof = Optional.empty();
  private Optional<IntChunks> sum = Optional.empty();
  private Optional<Revelation> revelation = Optional.empty();
  private Optional<Work> item = Optional.empty();

  /** Everything the agent said, for assertions. */
  final List<TrainingReport> reports = new ArrayList<>();

  final Map<AttemptId, List<FromSite>> fromAgent = new HashMap<>();

  /** What a coordinator keeps of a round; uploads of one chunk. */
  @SuppressWarnings("ArrayRecordComponent")
  record Closed(RoundTranscript transcript, Map<Fingerprint, byte[]> uploads, byte[] sum) {}

  final List<Closed> closed = new ArrayList<>();
  final List<Hash> published = new ArrayList<>();
  final List<AttemptId> countedAgent = new ArrayList<>();

  /** Every byte that the agent sent, call after call. */
  final ByteArrayOutputStream wire = new ByteArrayOutputStream();

  /** What a dishonest coordinator changes on the way to the agent. */
  ItemRewriter rewriter = work -> work;

  /** What a dishonest peer says instead. */
  PeerRewriter peerRewriter = (from, message) -> message;

  /** Bytes of a model as the agent gets them. */
  ModelRewriter modelRewriter = bytes -> bytes;

  /** A chunk of an upload as the agent gets it; all uploads here have one. */
  UnaryOperator<UploadedChunk> chunkRewriter = chunk -> chunk;

  /** What the agent is shown for its audit. */
  UnaryOperator<Optional<Revelation>> revelationRewriter = shown -> shown;

  /** A peer tells the coordinator the tag's key, which forges the sum so that the tag fits. */
  boolean colludes;

  /** The coordinator forges the sum and has nobody's help with the tag. */
  boolean forges;

  Bytes manifestBytes;

  /** Changes an item. */
  interface ItemRewriter {
    Work rewrite(Work work);
  }

  /** Changes what a peer says. */
  interface PeerRewriter {
    FromSite rewrite(Fingerprint from, FromSite message);
  }

  /** Changes a model. */
  interface ModelRewriter {
    byte[] rewrite(byte[] bytes);
  }

  FakeConsortium(TestJob job) {
    this.job = job;
    this.machine = new AggregationMachine(job.manifest(), job.planHash(), job.coordinatorKey());
    for (int i = 1; i < TestJob.SITES; i++) {
      FakePeer peer = new FakePeer(job, i);
      peers.put(peer.name(), peer);
    }
    this.spool = new FakeSpool(UpdateEncoding.of(job.manifest()).chunking());
    this.agent = job.key(0).fingerprint();
    this.manifestBytes = job.manifestBytes();
    this.model = job.manifest().training().initialModelHash();
    models.put(model, job.initialModel());
    openRound(1);
  }

  // What the agent's calls come down to.

  synchronized Optional<Work> next(List<WorkPosition> positions, long waitMillis)
      throws InterruptedException {
    long end = System.nanoTime() + waitMillis * 1_000_000;
    while (true) {
      Optional<Work> current = item.filter(work -> isBeyond(work, positions));
      long leftMillis = (end - System.nanoTime()) / 1_000_000;
      if (current.isPresent() || leftMillis <= 0) {
        return current.map(work -> rewriter.rewrite(work));
      }
      wait(leftMillis);
    }
  }

  private static boolean isBeyond(Work work, List<WorkPosition> positions) {
    return positions.stream()
        .filter(p -> p.job().equals(work.position().job()))
        .allMatch(p -> work.position().compareTo(p) > 0);
  }

  synchronized void report(RoundId reported, TrainingReport report) {
    if (reported.round() != round || state.isPresent()) {
      return;
    }
    reports.add(report);
    openAttempt(report instanceof TrainingReport.Ready);
  }

  /** Whether the message belonged to the attempt under way. */
  synchronized boolean receive(AttemptId id, FromSite message) {
    fromAgent.computeIfAbsent(id, _ -> new ArrayList<>()).add(message);
    if (state.isEmpty() || !state.get().attempt().equals(id)) {
      return false;
    }
    if (message instanceof FromSite.Verdict
        || message instanceof FromSite.Withdrawal
        || message instanceof FromSite.Complaint) {
      agentVoted = true;
      traffic.addAll(heldVerdicts);
      heldVerdicts.clear();
    }
    traffic.addFirst(() -> event(new AggregationEvent.Received(agent, message)));
    drain();
    return true;
  }

  synchronized long storedBytes() {
    return spool.sizeBytes(agent);
  }

  synchronized boolean committed(AttemptId id) {
    return fromAgent.getOrDefault(id, List.of()).stream()
        .anyMatch(FromSite.UploadCommit.class::isInstance);
  }

  synchronized void agentChunk(byte[] littleEndian) {
    spool.append(agent, littleEndian);
  }

  /** Whether what is stored has the root that the commit names. */
  synchronized boolean checksOut(FromSite.UploadCommit commit) {
    return spool.matches(agent, commit, state.orElseThrow().context());
  }

  synchronized byte[] modelBytes(Hash hash) {
    FloatVector wanted = model(hash);
    return modelRewriter.rewrite(wanted.segment().toArray(ValueLayout.JAVA_BYTE));
  }

  synchronized byte[] sumBytes() {
    IntChunks current = sum.orElseThrow();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (long chunk = 0; chunk < current.chunking().chunkCount(); chunk++) {
      bytes.writeBytes(LittleEndian.bytes(current.read(chunk), current.chunking().elementBytes()));
    }
    return bytes.toByteArray();
  }

  synchronized Optional<Revelation> revelation() {
    return revelationRewriter.apply(revelation.map(Revelation::copy));
  }

  synchronized UploadedChunk uploadedChunk(ChunkRequest request) {
    return chunkRewriter.apply(
        new UploadedChunk(spool.read(request.site(), request.index()), List.of()));
  }

  /** The agent has no call any more: the round goes on without it. */
  synchronized void loseAgent() {
    agentVoted = true;
    traffic.addAll(heldVerdicts);
    heldVerdicts.clear();
    if (state.isEmpty()) {
      openAttempt(false);
    } else {
      traffic.add(() -> event(new AggregationEvent.Gone(agent)));
      drain();
    }
  }

  /** The coordinator gives up the attempt under way and opens the next one. */
  synchronized void abandonAttempt() {
    traffic.clear();
    heldVerdicts.clear();
    attempt++;
    openAttempt(true);
  }

  synchronized List<FromSite> saidIn(int number) {
    return fromAgent.entrySet().stream()
        .filter(e -> e.getKey().attempt() == number)
        .flatMap(e -> List.copyOf(e.getValue()).stream())
        .toList();
  }

  synchronized boolean ended() {
    return item.filter(work -> work.content() instanceof WorkContent.JobEnded).isPresent();
  }

  /** Why the job failed. */
  synchronized Optional<AbortReason> failure() {
    return item.map(Work::content)
        .filter(WorkContent.JobEnded.class::isInstance)
        .flatMap(content -> ((WorkContent.JobEnded) content).reason());
  }

  synchronized long round() {
    return round;
  }

  synchronized Optional<WorkStage> stage() {
    return item.map(work -> work.position().stage());
  }

  /** ctx of the attempt under way. */
  synchronized Hash context() {
    return state.orElseThrow().context();
  }

  synchronized FloatVector newestModel() {
    return model(model);
  }

  /** The next sums break a gate: their rounds are spent, and new ones start from the same model. */
  synchronized void spoilSums(int count) {
    sumsToSpoil = count;
  }

  // Rounds.

  private void openRound(long number) {
    round = number;
    attempt = 0;
    state = Optional.empty();
    sum = Optional.empty();
    traffic.clear(); // what is said about a closed attempt changes nothing
    heldVerdicts.clear();
    WorkContent.Train train = new WorkContent.Train(job.planHash(), model, lastProof);
    setItem(Work.of(attemptId(), job.manifest().aggregation().deadlines().trainSeconds(), train));
  }

  private AttemptId attemptId() {
    return new AttemptId(new RoundId(TestJob.ID, round), attempt);
  }

  private void openAttempt(boolean withAgent) {
    agentTakesPart = withAgent;
    agentVoted = !withAgent;
    spool.clear();
    List<RosterEntry> roster = fullRoster();
    roster.removeIf(entry -> !withAgent && entry.site().equals(agent));
    apply(machine.start(attemptId(), model, roster));
    drain();
  }

  List<RosterEntry> fullRoster() {
    List<RosterEntry> roster = new ArrayList<>();
    for (int i = 0; i < TestJob.SITES; i++) {
      roster.add(new RosterEntry(job.key(i).fingerprint(), job.key(i).publicKey()));
    }
    roster.sort(Comparator.comparing(RosterEntry::site));
    return roster;
  }

  private void event(AggregationEvent event) {
    apply(machine.handle(state.orElseThrow(), event));
  }

  private void apply(AggregationStep step) {
    state = Optional.of(step.next());
    for (AggregationEffect effect : step.effects()) {
      switch (effect) {
        case AggregationEffect.Send(Fingerprint to, ToSite message) -> send(to, message);
        case AggregationEffect.Unmask(Unmasker unmasker, Revelation opened) -> {
          revelation = Optional.of(opened.copy());
          traffic.add(() -> unmask(unmasker));
        }
        case AggregationEffect.Close(AdoptionProof proof) -> close(proof);
        case AggregationEffect.Abort(AbortReason reason, String detail) -> abort(reason);
        case AggregationEffect.Persist persist -> {}
        case AggregationEffect.Drop drop -> {}
        case AggregationEffect.Reject reject -> {}
        case AggregationEffect.Dispute dispute -> {}
        case AggregationEffect.Convict convict -> {}
      }
    }
  }

  private void send(Fingerprint to, ToSite message) {
    if (!to.equals(agent)) {
      FakePeer peer = Objects.requireNonNull(peers.get(to));
      traffic.add(() -> peer.receive(message, this));
      return;
    }
    WorkContent content =
        message instanceof ToSite.RoundStart start
            ? new WorkContent.Start(
                start.modelHash(), start.roster().stream().map(RosterEntry::signingKey).toList())
            : new WorkContent.Step(message);
    setItem(Work.of(attemptId(), 60, content));
  }

  private synchronized void setItem(Work work) {
    item = Optional.of(work);
    notifyAll();
  }

  private void drain() {
    while (!traffic.isEmpty()) {
      traffic.remove().run();
    }
  }

  private void unmask(Unmasker unmasker) {
    if (sumsToSpoil > 0) {
      sumsToSpoil--;
      unmasker.erase();
      event(new AggregationEvent.UnmaskFailed(AbortReason.RESULT_IMPLAUSIBLE));
      return;
    }
    Chunking chunking = unmasker.chunking();
    List<int[]> chunks = new ArrayList<>();
    for (long chunk = 0; chunk < chunking.chunkCount(); chunk++) {
      chunks.add(unmasker.unmask(chunk, spool::read));
    }
    long[] tags = {unmasker.tag0(), unmasker.tag1()};
    if (colludes || forges) {
      forge(chunks.getFirst(), tags);
    }
    IntChunks unmasked = new ListedChunks(chunking, chunks);
    sum = Optional.of(unmasked);
    ChunkTree tree = unmasker.newResultTree();
    for (int[] chunk : chunks) {
      tree.add(LittleEndian.bytes(chunk, chunking.elementBytes()));
    }
    FloatVector next =
        TestJob.nextModel(job.planned(), attemptId().round(), model(model), unmasked);
    Hash nextHash = ModelHash.of(next.segment());
    models.put(nextHash, next);
    if (unmasker.survivors().contains(agent)) {
      countedAgent.add(attemptId());
    }
    event(new AggregationEvent.Unmasked(tree.root(), tags[0], tags[1], nextHash));
  }

  /** One peer signs a false tag. */
  void makePeerTagFalsely() {
    peers.values().iterator().next().falseTag = true;
  }

  private void forge(int[] chunk, long[] tags) {
    int[] added = {1};
    chunk[0] += added[0];
    if (!colludes) {
      return;
    }
    TagKey key = peers.values().iterator().next().tagKey();
    for (int tag = 0; tag < tags.length; tag++) {
      tags[tag] = Mersenne61.add(tags[tag], LinearTag.dot(key.words(tag), added, 0));
    }
  }

  private void close(AdoptionProof proof) {
    if (closedRound == round) {
      return;
    }
    closedRound = round;
    Map<Fingerprint, byte[]> uploads = new TreeMap<>();
    RoundTranscript transcript = state.orElseThrow().transcript().orElseThrow();
    transcript.survivors().forEach(s -> uploads.put(s.site(), spool.read(s.site(), 0)));
    closed.add(new Closed(transcript, uploads, sumBytes()));
    model = proof.nextModelHash();
    published.add(model);
    lastProof = Optional.of(proof);
    if (round == job.manifest().training().rounds()) {
      setItem(
          Work.of(attemptId(), 0, new WorkContent.JobEnded(JobState.COMPLETED, Optional.empty())));
    } else {
      openRound(round + 1);
    }
  }

  private void abort(AbortReason reason) {
    if (reason == AbortReason.RESULT_IMPLAUSIBLE) {
      openRound(round + 1);
      return;
    }
    setItem(
        Work.of(attemptId(), 0, new WorkContent.JobEnded(JobState.FAILED, Optional.of(reason))));
  }

  // What peers see.

  @Override
  public void send(Fingerprint from, FromSite honest) {
    FromSite message = peerRewriter.rewrite(from, honest);
    Runnable arrival = () -> event(new AggregationEvent.Received(from, message));
    if (message instanceof FromSite.Verdict && agentTakesPart && !agentVoted) {
      heldVerdicts.add(arrival); // else the round would close before the agent could check it
    } else {
      traffic.add(arrival);
    }
  }

  @Override
  public void chunk(Fingerprint from, byte[] littleEndian) {
    spool.append(from, littleEndian);
  }

  @Override
  public FloatVector model(Hash hash) {
    return Objects.requireNonNull(models.get(hash), () -> "no model " + hash);
  }

  @Override
  public IntChunks sum() {
    return sum.orElseThrow();
  }

  /** Takes the bare public keys that stand for certificates here. */
  static Optional<List<RosterEntry>> readKeys(List<Bytes> certificates) {
    return Optional.of(
        certificates.stream().map(key -> new RosterEntry(Fingerprints.of(key), key)).toList());
  }

  private record ListedChunks(Chunking chunking, List<int[]> chunks) implements IntChunks {
    @Override
    public int[] read(long chunk) {
      return chunks.get((int) chunk).clone();
    }
  }
}
