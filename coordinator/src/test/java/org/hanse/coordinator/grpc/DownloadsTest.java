package org.hanse.coordinator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.StatusRuntimeException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.hanse.coordinator.engine.Jobs;
import org.hanse.coordinator.storage.JobFiles;
import org.hanse.coordinator.storage.ModelDraft;
import org.hanse.coordinator.storage.ModelStore;
import org.hanse.coordinator.storage.VectorFile;
import org.hanse.coordinator.testing.InMemoryJobStore;
import org.hanse.coordinator.testing.InMemorySiteStore;
import org.hanse.coordinator.testing.Researcher;
import org.hanse.coordinator.testing.TestAuthority;
import org.hanse.coordinator.testing.TestChannel;
import org.hanse.coordinator.testing.TestConsortium;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.crypto.ModelHash;
import org.hanse.proto.v1.DataChunk;
import org.hanse.proto.v1.JobServiceGrpc;
import org.hanse.wire.TransferMessages;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.Refusal;
import org.hanse.wire.status.StatusMapper;
import org.hanse.wire.value.DownloadRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadsTest {
  private static final TestJob JOB = TestJob.of(TestJob.Shape.of(4).large());
  private static final Duration STALL = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private final FakeTimers timers = new FakeTimers();
  private final ExecutorService workers = Executors.newSingleThreadExecutor();
  private final FakeCall<DataChunk> call = new FakeCall<>();

  @AfterEach
  void stop() {
    workers.shutdownNow();
  }

  @Test
  void caller_withAsManyDownloadsAsACallerMayHave_overloadedUntilOneEnds() throws Throwable {
    try (LocalServer server = new LocalServer(directory, JOB, CallTimes.DEFAULT);
        TestChannel alice = server.connectWithSmallWindow("alice")) {
      assertThat(new Researcher(alice).submit(JOB).created()).isTrue();
      List<RawCall> stalled = new ArrayList<>();
      for (int i = 0; i < Downloads.MAX_PER_CALLER; i++) {
        stalled.add(download(RawCall.startUnread(alice, method(), CallOptions.DEFAULT)));
        stalled.getLast().awaitAnswer();
      }

      StatusRuntimeException end = wholeDownload(alice);

      Refusal refusal = StatusMapper.refusalOf(end).orElseThrow();
      assertThat(refusal.reason()).isEqualTo(ErrorReason.OVERLOADED);
      assertThat(refusal.retryAfter()).isPresent();
      stalled.getFirst().cancel();
      awaitServed(alice);
      stalled.forEach(RawCall::cancel);
    }
  }

  @Test
  void peerThatTakesNothing_timedOutAndTheFileClosed() throws Exception {
    VectorFile vector = vector();
    VectorSender sender = VectorSender.over(parts(), vector, 0, call, STALL);
    call.setOnReadyHandler(sender::pump);
    call.makeRoom(1);
    assertThat(call.sent()).hasSize(1);

    timers.advance(STALL.minusSeconds(1));
    assertThat(call.end()).isNotDone();
    timers.advance(Duration.ofSeconds(1));

    assertThat(call.end()).isCompletedWithValue(ErrorReason.CALL_TIMED_OUT.code());
    assertThatThrownBy(() -> vector.read(0, 1)).isInstanceOf(ClosedChannelException.class);
    call.makeRoom(5);
    assertThat(call.sent()).hasSize(1);
  }

  @Test
  void peerThatTakesAPieceNowAndThen_servedToTheEnd() throws Exception {
    VectorSender sender = VectorSender.over(parts(), vector(), 0, call, STALL);
    call.setOnReadyHandler(sender::pump);

    for (int piece = 0; piece < PIECES; piece++) {
      call.makeRoom(1);
      timers.advance(STALL.minusSeconds(1));
    }

    assertThat(call.end()).isCompletedWithValue("OK");
    assertThat(call.sent()).hasSize(PIECES);
    assertThat(timers.pending()).isZero();
  }

  private static final int PIECES = 3;

  private VectorFile vector() throws Exception {
    ModelStore models = new ModelStore(new JobFiles(directory.resolve("job")));
    try (ModelDraft draft = models.draft((long) PIECES * ModelHash.PIECE_BYTES)) {
      for (int piece = 0; piece < PIECES; piece++) {
        draft.write(piece, new byte[ModelHash.PIECE_BYTES]);
      }
      return models.open(draft.publish()).orElseThrow();
    }
  }

  private ServiceParts parts() throws Exception {
    TestConsortium.writeConfig(directory, new TestAuthority(), JOB.coordinator());
    Jobs jobs = LocalServer.jobs(new InMemoryJobStore(), directory, JOB, timers, timers, workers);
    return LocalServer.parts(
        LocalServer.keys(directory), new InMemorySiteStore(), jobs, timers, timers, Runnable::run);
  }

  private static io.grpc.MethodDescriptor<?, ?> method() {
    return JobServiceGrpc.getDownloadJobModelMethod();
  }

  private static RawCall download(RawCall call) {
    DownloadRequest.Model wanted =
        new DownloadRequest.Model(
            JOB.manifest().job(), JOB.manifest().training().initialModelHash(), 0);
    return call.send(TransferMessages.encodeJobModel(wanted).toByteArray()).halfClose();
  }

  private static StatusRuntimeException wholeDownload(TestChannel channel) throws Exception {
    return download(RawCall.start(channel, method(), CallOptions.DEFAULT)).end();
  }

  /** The end of another call reaches the coordinator when it does. */
  private static void awaitServed(TestChannel channel) throws Exception {
    long start = System.nanoTime();
    StatusRuntimeException end = wholeDownload(channel);
    while (StatusMapper.reasonOf(end).equals(Optional.of(ErrorReason.OVERLOADED))) {
      assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(20).toNanos());
      end = wholeDownload(channel);
    }
    assertThat(end.getStatus().isOk()).as(String.valueOf(end)).isTrue();
  }
}
