package org.hanse.coordinator.testing;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.hanse.core.crypto.Fingerprints;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.encode.AggregateDecoder;
import org.hanse.core.encode.EncodedUpdate;
import org.hanse.core.encode.EncodingResult;
import org.hanse.core.encode.LocalUpdate;
import org.hanse.core.encode.RoundingKey;
import org.hanse.core.encode.UpdateEncoder;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.optimize.ServerOptimizer;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.Contexts;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.core.secagg.mask.SumAuditor;
import org.hanse.core.secagg.site.CohortFloor;
import org.hanse.core.secagg.site.JournalEntry;
import org.hanse.core.secagg.site.ResultVerifier;
import org.hanse.core.secagg.site.SiteEffect;
import org.hanse.core.secagg.site.SiteHistory;
import org.hanse.core.secagg.site.SiteInput;
import org.hanse.core.secagg.site.SiteMachine;
import org.hanse.core.secagg.site.SiteState;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.FloatVector;
import org.hanse.core.vector.IntChunks;
import org.hanse.core.vector.LittleEndian;
import org.hanse.proto.v1.DataChunk;
import org.hanse.proto.v1.NextWorkResponse;
import org.hanse.wire.AttemptMessages;
import org.hanse.wire.AuditMessages;
import org.hanse.wire.SessionMessages;
import org.hanse.wire.SiteMessages;
import org.hanse.wire.TransferMessages;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.ChunkRequest;
import org.hanse.wire.value.DownloadRequest;
import org.hanse.wire.value.Greeting;
import org.hanse.wire.value.RoundReport;
import org.hanse.wire.value.TrainingReport;
import org.hanse.wire.value.UploadedChunk;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;
import org.hanse.wire.value.WorkPosition;

/**
 * A site without a trainer: its update is drawn from a seed, everything else is the real protocol
 * over the real transport. Steps can be run one by one or all by {@link #run}.
 */
public final class ScriptedSite implements Runnable, AutoCloseable {
  private final TestConsortium consortium;
  private final int number;
  private SiteMachine machine;
  private final List<JournalEntry> journal = new ArrayList<>();
  private final Map<RoundId, LocalUpdate> updates = new HashMap<>();
  private final Map<RoundId, EncodedUpdate> encoded = new HashMap<>();
  private final List<Work> taken = new ArrayList<>();
  private final Map<AttemptId, int[]> sums = new HashMap<>();
  private TestChannel channel;
  private int auditedChunks;
  private int resumedChunks;
  private SiteState state = new SiteState.Idle();
  private Optional<WorkPosition> position = Optional.empty();
  private FloatVector model;
  private FloatVector nextModel;
  private Hash modelHash;
  private boolean dieWhileUploading;
  private Optional<Runnable> afterFirstChunk = Optional.empty();
  private boolean ended;

  public ScriptedSite(TestConsortium consortium, int number) {
    this.consortium = consortium;
    this.number = number;
    this.machine =
        new SiteMachine(
            consortium.job().manifest(),
            consortium.job().planHash(),
            consortium.job().sites().get(number).key(),
            new CohortFloor(2, Set.of()));
    this.channel = consortium.connectSite(number);
    this.model = consortium.job().model();
    this.nextModel = model;
    this.modelHash = ModelHash.of(model.segment());
  }

  /** Deals shares that rebuild no secret of its own. */
  public ScriptedSite dealingOffPolynomial() {
    machine =
        new SiteMachine(
            consortium.job().withHigherThreshold(),
            consortium.job().planHash(),
            consortium.job().sites().get(number).key(),
            new CohortFloor(2, Set.of()));
    return this;
  }

  /** Breaks the connection after its first chunk. */
  public ScriptedSite dyingWhileUploading() {
    dieWhileUploading = true;
    return this;
  }

  /** Breaks off its next upload after the first chunk, waits for this, and goes on. */
  public ScriptedSite breakingOffItsUpload(Runnable meanwhile) {
    afterFirstChunk = Optional.of(meanwhile);
    return this;
  }

  /** Connects anew and says hello. */
  public void reconnect() {
    channel.close();
    channel = consortium.connectSite(number);
    hello();
  }

  public TestChannel channel() {
    return channel;
  }

  /** All work items so far. */
  public List<Work> taken() {
    return List.copyOf(taken);
  }

  /** What this site put in, in the clear. */
  public LocalUpdate plainUpdate(RoundId round) {
    return Optional.ofNullable(updates.get(round)).orElseThrow();
  }

  /** x_u of the round. */
  public int[] encodedUpdate(RoundId round) {
    return read(Optional.ofNullable(encoded.get(round)).orElseThrow());
  }

  /** The sum that this site downloaded and checked. */
  public int[] sum(AttemptId attempt) {
    return Optional.ofNullable(sums.get(attempt)).orElseThrow();
  }

  /** Hash of the model that this site computed last. */
  public Hash modelHash() {
    return ModelHash.of(nextModel.segment());
  }

  /** Chunks sent after an upload was broken off. */
  public int resumedChunks() {
    return resumedChunks;
  }

  public boolean ended() {
    return ended;
  }

  @Override
  public void run() {
    hello();
    while (!ended) {
      step();
    }
  }

  public void hello() {
    channel
        .site()
        .hello(
            SessionMessages.encode(
                new Greeting.Hello(1, Bytes.of(consortium.siteSigning(number).encoded()))));
  }

  /** One poll and what follows from it; false if nothing came. */
  public boolean step() {
    NextWorkResponse response =
        channel.site().nextWork(AttemptMessages.encodePositions(position.stream().toList()));
    Optional<Work> work = AttemptMessages.decode(response);
    work.ifPresent(item -> {
      taken.add(item);
      position = Optional.of(item.position());
      handle(item);
    });
    return work.isPresent();
  }

  private void handle(Work work) {
    AttemptId attempt = work.position().attempt();
    switch (work.content()) {
      case WorkContent.Train train -> train(attempt.round(), train);
      case WorkContent.Start start ->
          input(
              attempt,
              new SiteInput.Start(
                  start.verified(attempt, start.certificates().stream().map(this::entry).toList()),
                  SiteHistory.of(consortium.job().manifest().job(), journal),
                  modelHash,
                  modelHash,
                  SecretBytes.adopt(random32())));
      case WorkContent.Step(ToSite message) -> input(attempt, new SiteInput.Received(message));
      case WorkContent.JobPaused paused -> {}
      case WorkContent.AttemptClosed closed -> {}
      case WorkContent.JobEnded end -> ended = true;
    }
  }

  private Hash encodingContext(RoundId round) {
    return Contexts.round(
        consortium.job().manifest().aggregation().suite(),
        round,
        modelHash,
        consortium.job().planHash());
  }

  private void train(RoundId round, WorkContent.Train train) {
    if (!train.modelHash().equals(modelHash)) {
      model = nextModel;
      modelHash = ModelHash.of(model.segment());
    }
    if (!train.modelHash().equals(modelHash)) {
      model = download(train.modelHash());
      modelHash = train.modelHash();
    }
    LocalUpdate update = updates.computeIfAbsent(round, this::randomUpdate);
    Hash context = encodingContext(round);
    EncodingResult result =
        UpdateEncoder.encode(
            UpdateEncoding.of(consortium.job().manifest()),
            update,
            RoundingKey.derive(
                SecretBytes.copyOf(context.bytes().toByteArray()),
                context,
                consortium.job().sites().get(number).key().fingerprint()));
    if (!(result instanceof EncodingResult.Encoded(EncodedUpdate vector))) {
      throw new IllegalStateException("not encoded: " + result);
    }
    encoded.put(round, vector);
    channel
        .site()
        .reportTraining(SiteMessages.encode(new RoundReport(round, new TrainingReport.Ready())));
  }

  private void input(AttemptId attempt, SiteInput input) {
    var step = machine.handle(state, input);
    state = step.next();
    for (SiteEffect effect : step.effects()) {
      switch (effect) {
        case SiteEffect.Journal(JournalEntry entry) -> journal.add(entry);
        case SiteEffect.Send(FromSite.UploadCommit commit) -> {
          // Sent by upload().
        }
        case SiteEffect.Send(FromSite message) -> send(new AttemptMessage(attempt, message));
        case SiteEffect.MaskAndUpload(var masker) -> upload(attempt, masker);
        case SiteEffect.CheckResult(var verifier, Hash root) -> check(attempt, verifier);
        case SiteEffect.Refuse(SiteRefusal reason, String detail) ->
            throw new IllegalStateException("site-" + number + ": " + reason + ": " + detail);
      }
    }
  }

  private void send(AttemptMessage message) {
    channel.site().sendMessage(SiteMessages.encode(message));
  }

  private void upload(AttemptId attempt, org.hanse.core.secagg.site.UploadMasker masker) {
    List<byte[]> chunks = new ArrayList<>();
    SiteInput.UploadSummary summary =
        masker.maskAll(
            Optional.ofNullable(encoded.get(attempt.round())).orElseThrow(),
            (index, bytes) -> chunks.add(bytes));
    UploadCall call = new UploadCall(channel, attempt);
    if (dieWhileUploading) {
      call.chunk(0, chunks.getFirst());
      awaitStored(attempt);
      channel.close();
      throw new SiteDiedException();
    }
    var step = machine.handle(state, new SiteInput.UploadMasked(summary));
    state = step.next();
    if (afterFirstChunk.isPresent()) {
      call.chunk(0, chunks.getFirst());
      awaitStored(attempt);
      afterFirstChunk.get().run();
      afterFirstChunk = Optional.empty();
      reconnect();
      call = new UploadCall(channel, attempt);
      for (long i = storedChunks(attempt); i < chunks.size(); i++) {
        resumedChunks++;
        call.chunk(i, chunks.get((int) i));
      }
    } else {
      call.chunks(chunks);
    }
    for (SiteEffect effect : step.effects()) {
      if (effect instanceof SiteEffect.Send(FromSite.UploadCommit commit)) {
        try {
          call.commit(commit).finish();
        } catch (Throwable e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  /** Thrown by {@link #step} where a site was told to die. */
  public static final class SiteDiedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private long storedChunks(AttemptId attempt) {
    return TransferMessages.decode(
            channel.site().getUploadStatus(AttemptMessages.encodeUploadStatusRequest(attempt)))
        .storedChunks();
  }

  private void awaitStored(AttemptId attempt) {
    while (storedChunks(attempt) == 0) {
      Thread.onSpinWait();
    }
  }

  private void check(AttemptId attempt, ResultVerifier verifier) {
    Chunking chunking = UpdateEncoding.of(consortium.job().manifest()).chunking();
    byte[] bytes =
        collect(
            channel
                .site()
                .downloadResult(TransferMessages.encode(new DownloadRequest.Result(attempt, 0))));
    int[] sum = LittleEndian.elements(bytes, chunking.elementBytes());
    sums.put(attempt, sum);
    IntChunks chunks = new ArrayChunks(chunking, sum);
    Optional<SiteRefusal> refusal = verifier.verify(chunks);
    if (refusal.isPresent()) {
      throw new IllegalStateException("site-" + number + " refuses the sum: " + refusal.get());
    }
    if (consortium.job().manifest().aggregation().auditChunks() > 0) {
      audit(attempt, verifier, chunks);
    }
    AggregateDecoder decoder =
        new AggregateDecoder(
            UpdateEncoding.of(consortium.job().manifest()),
            encodingContext(attempt.round()),
            chunks);
    FloatVector next = FloatVector.allocate(model.size());
    ServerOptimizer optimizer = ServerOptimizer.of(consortium.job().manifest().training().server());
    for (long chunk = 0; chunk < chunking.chunkCount(); chunk++) {
      optimizer.apply(model, chunking.firstElement(chunk), decoder.averages(chunk), next);
    }
    nextModel = next;
    input(
        attempt,
        new SiteInput.ResultChecked(new SiteInput.ResultCheck.Good(ModelHash.of(next.segment()))));
  }

  private void audit(AttemptId attempt, ResultVerifier verifier, IntChunks sum) {
    Revelation revelation =
        AuditMessages.decode(
            channel.site().getRevelation(AuditMessages.encodeRevelationRequest(attempt)));
    SumAuditor auditor = verifier.auditor(revelation).orElseThrow();
    for (long chunk = 0; chunk < sum.chunking().chunkCount(); chunk++) {
      SumAuditor.ChunkAudit audit = auditor.begin(chunk);
      for (Fingerprint survivor : auditor.survivors()) {
        UploadedChunk uploaded =
            AuditMessages.decode(
                channel
                    .site()
                    .getUploadedChunk(
                        AuditMessages.encode(new ChunkRequest(attempt, survivor, chunk))));
        if (!audit.add(uploaded.data(), uploaded.path())) {
          throw new IllegalStateException("another upload of " + survivor + " than it signed");
        }
      }
      if (!audit.confirms(sum.read(chunk))) {
        throw new IllegalStateException("chunk " + chunk + " is not the sum of the uploads");
      }
      auditedChunks++;
    }
  }

  /** Chunks of sums that this site has recomputed. */
  public int auditedChunks() {
    return auditedChunks;
  }

  private FloatVector download(Hash hash) {
    byte[] bytes =
        collect(
            channel
                .site()
                .downloadModel(
                    TransferMessages.encode(
                        new DownloadRequest.Model(consortium.job().manifest().job(), hash, 0))));
    return FloatVector.view(java.lang.foreign.MemorySegment.ofArray(bytes));
  }

  private static byte[] collect(Iterator<DataChunk> chunks) {
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    chunks.forEachRemaining(chunk -> all.writeBytes(TransferMessages.decode(chunk).data()));
    return all.toByteArray();
  }

  private RosterEntry entry(Bytes certificate) {
    try {
      byte[] key =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(certificate.toByteArray()))
              .getPublicKey()
              .getEncoded();
      Bytes raw = Bytes.of(Arrays.copyOfRange(key, key.length - 32, key.length));
      return new RosterEntry(Fingerprints.of(raw), raw);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private LocalUpdate randomUpdate(RoundId round) {
    Random random = new Random(round.round() * 1_000 + number);
    float[] delta = new float[(int) consortium.job().manifest().layout().parameterCount()];
    for (int i = 0; i < delta.length; i++) {
      delta[i] = (float) random.nextGaussian() * 0.01f;
    }
    return new LocalUpdate(
        FloatVector.of(delta),
        (1_000_000 + random.nextInt(40_000)) * TestJob.EXAMPLES_PER_UNIT - random.nextInt(),
        List.of(2 + random.nextDouble(), random.nextDouble()));
  }

  private static int[] read(IntChunks chunks) {
    int[] all = new int[(int) chunks.chunking().lengthElements()];
    for (long chunk = 0; chunk < chunks.chunking().chunkCount(); chunk++) {
      int[] part = chunks.read(chunk);
      System.arraycopy(part, 0, all, (int) chunks.chunking().firstElement(chunk), part.length);
    }
    return all;
  }

  private static byte[] random32() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  private static final class ArrayChunks implements IntChunks {
    private final Chunking chunking;
    private final int[] all;

    ArrayChunks(Chunking chunking, int[] all) {
      this.chunking = chunking;
      this.all = all;
    }

    @Override
    public Chunking chunking() {
      return chunking;
    }

    @Override
    public int[] read(long chunk) {
      int first = (int) chunking.firstElement(chunk);
      return Arrays.copyOfRange(all, first, first + chunking.elementsIn(chunk));
    }
  }

  @Override
  public void close() {
    channel.close();
  }
}
