package org.hanse.client.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.hanse.client.agent.CoordinatorException;
import org.hanse.client.agent.TestJob;
import org.hanse.client.agent.UploadStream;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.FromSite;
import org.hanse.proto.v1.HelloResponse;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.ErrorReason.Duty;
import org.hanse.wire.status.Refusal;
import org.hanse.wire.value.ChunkRequest;
import org.hanse.wire.value.DownloadRequest;
import org.hanse.wire.value.Greeting;
import org.hanse.wire.value.UploadPart;
import org.hanse.wire.value.UploadProgress;
import org.hanse.wire.value.UploadedChunk;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;
import org.hanse.wire.value.WorkPosition;
import org.hanse.wire.value.WorkStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SiteClientTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final AttemptId ATTEMPT = new AttemptId(new RoundId(TestJob.ID, 3), 1);
  private static final Hash HASH = Hash.of(new byte[Hash.SIZE_BYTES]);
  private static final Greeting.Hello HELLO = new Greeting.Hello(1, Bytes.of((byte) 1));

  private final FakeSiteService service = new FakeSiteService();
  private final Server server =
      InProcessServerBuilder.forName("site-client-test").addService(service).build();
  private final ManagedChannel channel =
      InProcessChannelBuilder.forName("site-client-test").build();
  private final SiteClient client = new SiteClient(channel);

  @BeforeEach
  void start() throws IOException {
    server.start();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void nextWork_itemWaiting_isAskedForByPositionAndDecoded() throws Exception {
    Work work = Work.of(ATTEMPT, 9, new WorkContent.AttemptClosed(Optional.empty()));
    service.work = Optional.of(work);
    List<WorkPosition> positions = List.of(new WorkPosition(2, ATTEMPT, WorkStage.RESULT));
    assertThat(client.nextWork(positions, SOON)).hasValue(work);
    assertThat(service.asked).containsExactly(positions);
    service.work = Optional.empty();
    assertThat(client.nextWork(positions, SOON)).isEmpty();
  }

  @Test
  void hello_refused_carriesReasonDutyAndDelay() {
    service.refusal = Optional.of(Refusal.overloaded("busy", Duration.ofSeconds(3)));
    assertThatExceptionOfType(CoordinatorException.class)
        .isThrownBy(() -> client.hello(HELLO))
        .satisfies(e -> {
          assertThat(e.reason()).hasValue(ErrorReason.OVERLOADED);
          assertThat(e.duty()).isEqualTo(Duty.RETRY);
          assertThat(e.retryAfter()).hasValue(Duration.ofSeconds(3));
        });
  }

  /** What a proxy says may hold anything: it goes to logs and terminals. */
  @Test
  void hello_refusedByAnythingElse_isToldInPrintableText() {
    service.failure =
        Optional.of(
            Status.UNAVAILABLE
                .withDescription("\u001b[2Jgo\u202eaway\r\n" + "x".repeat(5_000))
                .asRuntimeException());
    assertThatExceptionOfType(CoordinatorException.class)
        .isThrownBy(() -> client.hello(HELLO))
        .satisfies(e -> {
          assertThat(e.reason()).isEmpty();
          assertThat(e.problem()).isEqualTo(CoordinatorException.Problem.NO_ANSWER);
          assertThat(e.getMessage()).startsWith("?[2Jgo?away??xxx").hasSizeLessThan(400);
        });
  }

  @Test
  void hello_answerOutOfRange_isRetriedLater() {
    service.welcome = HelloResponse.newBuilder().setProtocolVersion(1).setSite("../x").build();
    assertThatExceptionOfType(CoordinatorException.class)
        .isThrownBy(() -> client.hello(HELLO))
        .satisfies(e -> {
          assertThat(e.duty()).isEqualTo(Duty.RETRY);
          assertThat(e.problem()).isEqualTo(CoordinatorException.Problem.PROTOCOL_VIOLATION);
        })
        .withMessageContaining("not understood");
  }

  @Test
  void hello_serverGone_isRetriedLater() throws Exception {
    server.shutdownNow().awaitTermination();
    assertThatExceptionOfType(CoordinatorException.class)
        .isThrownBy(() -> client.hello(HELLO))
        .satisfies(e -> {
          assertThat(e.reason()).isEmpty();
          assertThat(e.duty()).isEqualTo(Duty.RETRY);
        });
  }

  @Test
  void upload_chunksThenCommit_nameTheAttemptOnce() throws Exception {
    FromSite.UploadCommit commit =
        new FromSite.UploadCommit(
            HASH, 2, Limits.CHUNK_ELEMENTS + 5L, 1, 2, Bytes.of(new byte[64]));
    try (UploadStream stream = client.upload(ATTEMPT, SOON)) {
      stream.send(0, new byte[] {1, 2, 3, 4});
      stream.send(1, new byte[] {5, 6, 7, 8});
      assertThat(stream.commit(commit)).isEqualTo(new UploadProgress(2, true));
    }
    assertThat(service.uploadedTo()).isEqualTo(ATTEMPT);
    assertThat(service.uploaded).hasSize(3);
    assertThat(service.uploaded.subList(1, 3)).allMatch(part -> part.attempt().isEmpty());
    assertThat(service.uploaded.get(1))
        .isInstanceOfSatisfying(
            UploadPart.Chunk.class,
            chunk -> {
              assertThat(chunk.index()).isEqualTo(1);
              assertThat(chunk.data()).containsExactly(5, 6, 7, 8);
            });
    assertThat(service.uploaded.get(2)).isEqualTo(new UploadPart.Commit(Optional.empty(), commit));
  }

  @Test
  void upload_refusedInTheMiddle_tellsTheReasonAtTheNextChunk() throws Exception {
    service.refusal = Optional.of(Refusal.of(ErrorReason.CHUNK_OUT_OF_ORDER, ""));
    service.refuseUploadAfter = 1;
    try (UploadStream stream = client.upload(ATTEMPT, SOON)) {
      assertThatExceptionOfType(CoordinatorException.class)
          .isThrownBy(() -> {
            for (int i = 0; i < 10_000; i++) {
              stream.send(i, new byte[4]);
            }
          })
          .satisfies(e -> assertThat(e.duty()).isEqualTo(Duty.RESUME));
    }
  }

  @Test
  void revelationAndUploadedChunk_areAskedForAndDecoded() throws Exception {
    Fingerprint site = new Fingerprint(Bytes.of(new byte[32]));

    assertThat(client.revelation(ATTEMPT).sites()).hasSize(2);
    UploadedChunk chunk = client.uploadedChunk(new ChunkRequest(ATTEMPT, site, 0));

    assertThat(chunk.data()).hasSize(8);
    assertThat(service.audited).containsExactly(ATTEMPT, ATTEMPT);
  }

  @Test
  void uploadProgress_tellsWhatIsStored() throws Exception {
    assertThat(client.uploadProgress(ATTEMPT)).isEqualTo(new UploadProgress(2, false));
  }

  @Test
  void download_fromAnOffset_givesTheRestInOrder() throws Exception {
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    client.download(
        new DownloadRequest.Model(TestJob.ID, HASH, 40),
        SOON,
        piece -> {
          assertThat(piece.offsetBytes()).isEqualTo(40 + received.size());
          received.writeBytes(piece.data());
        });
    assertThat(received.toByteArray())
        .isEqualTo(Arrays.copyOfRange(FakeSiteService.MODEL, 40, 100));
  }

  @Test
  void download_sinkFails_endsTheCall() throws Exception {
    service.refusal = Optional.of(Refusal.of(ErrorReason.UNKNOWN_MODEL, ""));
    assertThatIOException()
        .isThrownBy(() ->
            client.download(
                new DownloadRequest.Model(TestJob.ID, HASH, 0),
                SOON,
                piece -> {
                  throw new IOException("disk full");
                }))
        .withMessage("disk full");
  }

  @Test
  void download_refused_carriesTheReason() {
    service.refusal = Optional.of(Refusal.of(ErrorReason.UNKNOWN_MODEL, ""));
    assertThatExceptionOfType(CoordinatorException.class)
        .isThrownBy(() ->
            client.download(new DownloadRequest.Model(TestJob.ID, HASH, 100), SOON, piece -> {}))
        .satisfies(e -> assertThat(e.reason()).hasValue(ErrorReason.UNKNOWN_MODEL));
  }

  @Test
  void download_noAnswerInTime_isRetriedLater() throws Exception {
    server.shutdownNow();
    assertThat(server.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    assertThatExceptionOfType(CoordinatorException.class)
        .isThrownBy(() ->
            client.download(
                new DownloadRequest.Result(ATTEMPT, 0), Duration.ofMillis(50), piece -> {}))
        .satisfies(e -> assertThat(e.duty()).isEqualTo(Duty.RETRY));
  }
}
