package org.hanse.coordinator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.hanse.coordinator.testing.Researcher;
import org.hanse.coordinator.testing.ScriptedSite;
import org.hanse.coordinator.testing.SigningPair;
import org.hanse.coordinator.testing.TestAuthority;
import org.hanse.coordinator.testing.TestChannel;
import org.hanse.coordinator.testing.TestConsortium;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.coordinator.testing.TlsAlert;
import org.hanse.coordinator.testing.UploadCall;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.vector.Chunking;
import org.hanse.proto.v1.ListJobsRequest;
import org.hanse.proto.v1.NextWorkRequest;
import org.hanse.wire.AttemptMessages;
import org.hanse.wire.JobMessages;
import org.hanse.wire.SessionMessages;
import org.hanse.wire.SiteMessages;
import org.hanse.wire.StandingMessages;
import org.hanse.wire.TransferMessages;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.StatusMapper;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.DownloadRequest;
import org.hanse.wire.value.Greeting;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.OrderedJob;
import org.hanse.wire.value.RoundReport;
import org.hanse.wire.value.TrainingReport;
import org.hanse.wire.value.WorkStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every refusal has its own code, over real TLS, and the round it disturbs goes on. */
class RefusalTest {
  private static final JobId JOB = new JobId("job-1");
  private static final RoundId ROUND_1 = new RoundId(JOB, 1);
  private static final AttemptId ATTEMPT = new AttemptId(ROUND_1, 0);
  private static final int INTRUDER = 0;

  @TempDir private Path directory;
  private TestConsortium consortium;
  private Researcher researcher;
  private List<ScriptedSite> sites;

  @BeforeEach
  void start() throws Throwable {
    consortium = new TestConsortium(directory, TestJob.of(TestJob.Shape.of(5).large()));
    researcher = new Researcher(consortium.connectResearcher());
    researcher.submit(consortium.job());
    sites = WholeRoundTest.sites(consortium);
    sites.forEach(ScriptedSite::hello);
  }

  @AfterEach
  void stop() {
    sites.forEach(ScriptedSite::close);
    researcher.channel().close();
    consortium.close();
  }

  @Test
  void message_ofAnotherSitesKeys_foreignSiteAndRoundGoesOn() {
    takeAll(WorkStage.TRAIN);
    FromSite.Advertisement others =
        new FromSite.Advertisement(
            consortium.job().sites().get(1).key().fingerprint(),
            AgreementPublicKey.classical(bytes(32, 9)),
            AgreementPublicKey.classical(bytes(32, 10)),
            hash(1),
            hash(2),
            bytes(64, 3));
    assertRefused(
        () -> send(INTRUDER, ATTEMPT, others),
        Status.Code.PERMISSION_DENIED,
        ErrorReason.FOREIGN_SITE);
    finishRound(5);
  }

  @Test
  void message_signedByAnotherKey_signatureInvalidAndRoundGoesOnWithoutIt() {
    takeAll(WorkStage.TRAIN);
    FromSite.Advertisement forged =
        new FromSite.Advertisement(
            consortium.job().sites().get(INTRUDER).key().fingerprint(),
            AgreementPublicKey.classical(bytes(32, 9)),
            AgreementPublicKey.classical(bytes(32, 10)),
            hash(1),
            hash(2),
            consortium.job().sites().get(1).key().sign(new byte[] {1, 2, 3}));
    awaitStage(1, WorkStage.START);
    assertRefused(
        () -> send(INTRUDER, ATTEMPT, forged),
        Status.Code.INVALID_ARGUMENT,
        ErrorReason.SIGNATURE_INVALID);
    finishRound(4);
  }

  @Test
  void hello_withAnotherSitesSigningCertificate_foreignSite() {
    try (TestChannel channel = consortium.connectSite(INTRUDER)) {
      assertRefused(
          () ->
              channel
                  .site()
                  .hello(
                      SessionMessages.encode(
                          new Greeting.Hello(1, Bytes.of(consortium.siteSigning(1).encoded())))),
          Status.Code.PERMISSION_DENIED,
          ErrorReason.FOREIGN_SITE);
    }
    finishRound(5);
  }

  @Test
  void ready_withAKeyTheManifestDoesNotPin_notAMember() {
    SigningPair renewed = SigningPair.of("another key");
    byte[] certificate = consortium.authority().siteSigning("site-0", renewed.platform()).encoded();
    try (TestChannel channel = consortium.connectSite(INTRUDER)) {
      channel.site().hello(SessionMessages.encode(new Greeting.Hello(1, Bytes.of(certificate))));
      assertRefused(
          () -> ready(channel, ROUND_1), Status.Code.PERMISSION_DENIED, ErrorReason.NOT_A_MEMBER);
    }
    sites.get(INTRUDER).hello();
    finishRound(5);
  }

  @Test
  void upload_chunkOfWrongLength_wrongLengthAndTheUploadCanStillSucceed() {
    runTo(WorkStage.ROSTER);
    awaitStage(1, WorkStage.SHARES);
    assertRefused(
        () ->
            new UploadCall(sites.get(INTRUDER).channel(), ATTEMPT)
                .chunk(0, new byte[4000])
                .finish(),
        Status.Code.INVALID_ARGUMENT,
        ErrorReason.WRONG_LENGTH);
    finishRound(5);
  }

  @Test
  void upload_commitOfWrongLength_wrongLengthAndRoundGoesOnWithoutIt() {
    runTo(WorkStage.ROSTER);
    awaitStage(1, WorkStage.SHARES);
    assertRefused(
        () ->
            new UploadCall(sites.get(INTRUDER).channel(), ATTEMPT)
                .commit(new FromSite.UploadCommit(hash(1), 1, 77, 0, 0, bytes(64, 1)))
                .finish(),
        Status.Code.INVALID_ARGUMENT,
        ErrorReason.WRONG_LENGTH);
    finishRound(4);
  }

  @Test
  void upload_chunkRepeatedWithOtherBytes_differentRepeatAndTheSameBytesAreFine() throws Throwable {
    runTo(WorkStage.ROSTER);
    awaitStage(1, WorkStage.SHARES);
    byte[] first = firstChunk();
    TestChannel channel = sites.get(INTRUDER).channel();
    assertThat(new UploadCall(channel, ATTEMPT).chunk(0, first).finish().storedChunks())
        .isEqualTo(1);
    assertThat(new UploadCall(channel, ATTEMPT).chunk(0, first).finish().storedChunks())
        .isEqualTo(1);
    byte[] other = first.clone();
    other[17] ^= 1;
    assertRefused(
        () -> new UploadCall(channel, ATTEMPT).chunk(0, other).finish(),
        Status.Code.ALREADY_EXISTS,
        ErrorReason.DIFFERENT_REPEAT);
    assertRefused(
        () -> new UploadCall(channel, ATTEMPT).chunk(2, first).finish(),
        Status.Code.OUT_OF_RANGE,
        ErrorReason.CHUNK_OUT_OF_ORDER);
    // What was stored is not what this site would send: it has nothing more to say.
    finishRound(sites.subList(1, 5), 4);
    assertThat(sites.get(1).sum(ATTEMPT))
        .isEqualTo(WholeRoundTest.plainSum(sites.subList(1, 5), ROUND_1));
  }

  @Test
  void connection_withoutACertificate_alertAndRoundGoesOn() throws Exception {
    takeAll(WorkStage.TRAIN);
    assertThat(TlsAlert.of(consortium.port(), consortium.authority(), Optional.empty()))
        .isEqualTo("certificate_required");
    finishRound(5);
  }

  @Test
  void connection_withAForeignAuthoritysCertificate_alertAndRoundGoesOn() throws Exception {
    takeAll(WorkStage.TRAIN);
    TestAuthority.Credential foreign = new TestAuthority().siteTls("site-0");
    assertThat(TlsAlert.of(consortium.port(), consortium.authority(), Optional.of(foreign)))
        .isEqualTo("unknown_ca");
    finishRound(5);
  }

  @Test
  void message_repeatedWithOtherBytes_differentRepeatAndRoundGoesOn() {
    runTo(WorkStage.START);
    FromSite.Advertisement other =
        new FromSite.Advertisement(
            consortium.job().sites().get(INTRUDER).key().fingerprint(),
            AgreementPublicKey.classical(bytes(32, 9)),
            AgreementPublicKey.classical(bytes(32, 10)),
            hash(1),
            hash(2),
            bytes(64, 3));
    assertRefused(
        () -> send(INTRUDER, ATTEMPT, other),
        Status.Code.ALREADY_EXISTS,
        ErrorReason.DIFFERENT_REPEAT);
    finishRound(5);
  }

  @Test
  void message_ofAnotherRound_staleRoundAndRoundGoesOn() {
    takeAll(WorkStage.TRAIN);
    assertRefused(
        () ->
            send(
                INTRUDER,
                new AttemptId(new RoundId(JOB, 9), 0),
                new FromSite.Confirmation(hash(1), bytes(64, 1))),
        Status.Code.ABORTED,
        ErrorReason.STALE_ROUND);
    try (TestChannel channel = consortium.connectSite(INTRUDER)) {
      assertRefused(
          () -> ready(channel, new RoundId(JOB, 2)), Status.Code.ABORTED, ErrorReason.STALE_ROUND);
    }
    finishRound(5);
  }

  @Test
  void message_ofALaterAndOfAnEarlierStep_earlyAndLate() {
    runTo(WorkStage.START);
    awaitStage(1, WorkStage.ROSTER);
    assertRefused(
        () -> send(INTRUDER, ATTEMPT, new FromSite.Confirmation(hash(1), bytes(64, 1))),
        Status.Code.FAILED_PRECONDITION,
        ErrorReason.EARLY);
    runFrom(WorkStage.ROSTER, WorkStage.SHARES);
    awaitStage(1, WorkStage.SURVIVORS);
    assertRefused(
        () ->
            new UploadCall(sites.get(INTRUDER).channel(), ATTEMPT).chunk(0, firstChunk()).finish(),
        Status.Code.FAILED_PRECONDITION,
        ErrorReason.LATE);
    finishRound(5);
  }

  @Test
  void siteThatDiedInItsUpload_roundGoesOnAfterTheGrace() {
    sites.get(INTRUDER).dyingWhileUploading();
    long start = System.nanoTime();
    finishRound(4);
    assertThat((System.nanoTime() - start) / 1e9).as("seconds, step deadline is 20").isLessThan(19);
    assertThat(sites.get(1).sum(ATTEMPT))
        .isEqualTo(WholeRoundTest.plainSum(sites.subList(1, 5), ROUND_1));
  }

  @Test
  void roles_siteOnAResearchersMethodAndViceVersa_wrongRole() {
    assertRefused(
        () -> sites.get(INTRUDER).channel().jobs().listJobs(ListJobsRequest.getDefaultInstance()),
        Status.Code.PERMISSION_DENIED,
        ErrorReason.WRONG_ROLE);
    assertRefused(
        () -> researcher.channel().site().nextWork(NextWorkRequest.getDefaultInstance()),
        Status.Code.PERMISSION_DENIED,
        ErrorReason.WRONG_ROLE);
  }

  @Test
  void job_ofAnotherResearcherOrUnknown_unknownJob() {
    try (TestChannel bob = consortium.connect(consortium.authority().userTls("bob"))) {
      assertRefused(
          () -> bob.jobs().getJob(JobMessages.encodeGetRequest(JOB)),
          Status.Code.NOT_FOUND,
          ErrorReason.UNKNOWN_JOB);
      assertRefused(
          () -> bob.jobs().abortJob(StandingMessages.encode(new OrderedJob(JOB, ""))),
          Status.Code.NOT_FOUND,
          ErrorReason.UNKNOWN_JOB);
      assertRefused(
          () -> bob.jobs().resumeJob(StandingMessages.encode(new OrderedJob(JOB, ""))),
          Status.Code.NOT_FOUND,
          ErrorReason.UNKNOWN_JOB);
      assertRefused(
          () -> new Researcher(bob).submit(consortium.job()),
          Status.Code.ALREADY_EXISTS,
          ErrorReason.JOB_EXISTS);
    }
  }

  @Test
  void submission_repeatedAndChanged_sameAnswerAndJobExists() throws Throwable {
    assertThat(researcher.submit(consortium.job()).created()).isFalse();
    TestJob other = TestJob.of(TestJob.Shape.of(5).large().rounds(3));
    assertRefused(
        () -> researcher.submit(other), Status.Code.ALREADY_EXISTS, ErrorReason.JOB_EXISTS);
    TestJob wrongModel = TestJob.of(TestJob.Shape.of(5).id("job-2"));
    assertRefused(
        () ->
            researcher.submit(
                wrongModel.exactBytes(), new byte[(int) wrongModel.model().size() * 4]),
        Status.Code.INVALID_ARGUMENT,
        ErrorReason.MODEL_MISMATCH);
    assertRefused(
        () -> researcher.submit(Bytes.of((byte) '{'), new byte[0]),
        Status.Code.INVALID_ARGUMENT,
        ErrorReason.MANIFEST_INVALID);
  }

  @Test
  void downloads_unknownModelNoResultAndBeyondTheEnd_refused() {
    TestChannel channel = sites.get(INTRUDER).channel();
    assertRefused(
        () ->
            channel
                .site()
                .downloadModel(TransferMessages.encode(new DownloadRequest.Model(JOB, hash(5), 0)))
                .next(),
        Status.Code.NOT_FOUND,
        ErrorReason.UNKNOWN_MODEL);
    assertRefused(
        () ->
            channel
                .site()
                .downloadResult(TransferMessages.encode(new DownloadRequest.Result(ATTEMPT, 0)))
                .next(),
        Status.Code.NOT_FOUND,
        ErrorReason.RESULT_UNAVAILABLE);
    Hash initial = consortium.job().manifest().training().initialModelHash();
    assertRefused(
        () ->
            channel
                .site()
                .downloadModel(
                    TransferMessages.encode(new DownloadRequest.Model(JOB, initial, 1L << 38)))
                .next(),
        Status.Code.OUT_OF_RANGE,
        ErrorReason.OFFSET_OUT_OF_RANGE);
  }

  @Test
  void message_withAFieldOutOfRange_namesTheField() {
    assertRefused(
        () ->
            sites
                .get(INTRUDER)
                .channel()
                .site()
                .sendMessage(
                    SiteMessages.encode(
                            new AttemptMessage(
                                ATTEMPT, new FromSite.Confirmation(hash(1), bytes(64, 1))))
                        .toBuilder()
                        .setConfirmation(
                            org.hanse.proto.v1.Confirmation.newBuilder()
                                .setStatement(ByteString.copyFrom(new byte[31]))
                                .setSignature(ByteString.copyFrom(new byte[64])))
                        .build()),
        Status.Code.INVALID_ARGUMENT,
        ErrorReason.FIELD_INVALID);
  }

  private void assertRefused(ThrowingCallable call, Status.Code code, ErrorReason reason) {
    Throwable thrown = catchThrowable(call);
    assertThat(thrown).isInstanceOf(StatusRuntimeException.class);
    StatusRuntimeException status = (StatusRuntimeException) thrown;
    assertThat(StatusMapper.reasonOf(status)).as(String.valueOf(status)).contains(reason);
    assertThat(status.getStatus().getCode()).isEqualTo(code);
    assertThat(String.valueOf(status.getStatus().getDescription()))
        .doesNotContain("Exception", directory.toString());
  }

  private void send(int site, AttemptId attempt, FromSite message) {
    sites
        .get(site)
        .channel()
        .site()
        .sendMessage(SiteMessages.encode(new AttemptMessage(attempt, message)));
  }

  private static void ready(TestChannel channel, RoundId round) {
    channel
        .site()
        .reportTraining(SiteMessages.encode(new RoundReport(round, new TrainingReport.Ready())));
  }

  private byte[] firstChunk() {
    Chunking chunking = UpdateEncoding.of(consortium.job().manifest()).chunking();
    return new byte[chunking.sizeBytes(0)];
  }

  /** Every site takes this stage's item and does what it asks for. */
  private void takeAll(WorkStage stage) {
    for (ScriptedSite site : sites) {
      takeUntil(site, stage);
    }
  }

  /** Everybody goes on up to and including the answers to {@code last}. */
  private void runTo(WorkStage last) {
    runFrom(WorkStage.TRAIN, last);
  }

  private void runFrom(WorkStage first, WorkStage last) {
    for (WorkStage stage : WorkStage.values()) {
      if (stage.compareTo(first) >= 0 && stage.compareTo(last) <= 0) {
        takeAll(stage);
      }
    }
  }

  private static void takeUntil(ScriptedSite site, WorkStage stage) {
    for (int polls = 0; polls < 30; polls++) {
      if (site.taken().stream().anyMatch(work -> work.position().stage() == stage)) {
        return;
      }
      site.step();
    }
    throw new AssertionError("no " + stage + " among " + site.taken());
  }

  /**
   * Waits until the coordinator has reached a stage, seen from one site that does not act on it.
   */
  private void awaitStage(int site, WorkStage stage) {
    for (int polls = 0; polls < 30; polls++) {
      Optional<WorkStage> offered =
          AttemptMessages.decode(
                  sites.get(site).channel().site().nextWork(NextWorkRequest.getDefaultInstance()))
              .map(work -> work.position().stage());
      if (offered.filter(stage::equals).isPresent()) {
        return;
      }
    }
    throw new AssertionError("stage " + stage + " was not reached");
  }

  private void finishRound(int counted) {
    finishRound(sites, counted);
  }

  private void finishRound(List<ScriptedSite> present, int counted) {
    List<Thread> threads =
        present.stream()
            .map(site ->
                Thread.ofVirtual()
                    .start(() -> {
                      try {
                        while (!site.ended()) {
                          site.step();
                        }
                      } catch (ScriptedSite.SiteDiedException | StatusRuntimeException e) {
                        // Left out; the others go on.
                      }
                    }))
            .toList();
    List<JobEventValue> events = researcher.watch(JOB);
    assertThat(events)
        .filteredOn(JobEventValue.RoundPublished.class::isInstance)
        .singleElement()
        .satisfies(event ->
            assertThat(((JobEventValue.RoundPublished) event).countedSites()).isEqualTo(counted));
    assertThat(((JobEventValue.Finished) events.getLast()).state()).isEqualTo(JobState.COMPLETED);
    threads.forEach(Thread::interrupt);
  }

  private static Bytes bytes(int size, int value) {
    byte[] all = new byte[size];
    java.util.Arrays.fill(all, (byte) value);
    return Bytes.of(all);
  }

  private static Hash hash(int value) {
    return new Hash(bytes(32, value));
  }
}
