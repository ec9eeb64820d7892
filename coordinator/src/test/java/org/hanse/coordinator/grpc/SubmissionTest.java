package org.hanse.coordinator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.hanse.coordinator.testing.Researcher;
import org.hanse.coordinator.testing.TestChannel;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.plan.Activation;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.LayerSpec;
import org.hanse.core.plan.ModelDescription;
import org.hanse.core.plan.TrainingPlan;
import org.hanse.proto.v1.JobServiceGrpc;
import org.hanse.wire.JobMessages;
import org.hanse.wire.ManifestCodec;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.Refusal;
import org.hanse.wire.status.StatusMapper;
import org.hanse.wire.value.DataPiece;
import org.hanse.wire.value.SubmitPart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Submissions that come to nothing leave nothing behind: no place taken, no file. */
class SubmissionTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final TestJob JOB = TestJob.of(TestJob.Shape.of(4));

  @TempDir private Path directory;

  @Test
  void requestThatStopsComing_timesOutAndFreesItsPlaceAndFiles() throws Throwable {
    try (LocalServer server = server(new CallTimes(SHORT, LONG, LONG));
        TestChannel alice = server.connectUser("alice")) {
      for (int i = 0; i < JobEndpoint.MAX_SUBMISSIONS_PER_USER; i++) {
        assertEnds(begin(alice), ErrorReason.CALL_TIMED_OUT);
      }
      assertFree(server, alice);
    }
  }

  @Test
  void undecodableMessage_freesItsPlaceAndFiles() throws Throwable {
    try (LocalServer server = server(CallTimes.DEFAULT);
        TestChannel alice = server.connectUser("alice")) {
      for (int i = 0; i < JobEndpoint.MAX_SUBMISSIONS_PER_USER; i++) {
        assertEnds(begin(alice).send(new byte[] {10, 127, 1}), ErrorReason.FIELD_INVALID);
      }
      assertFree(server, alice);
    }
  }

  @Test
  void oversizeMessage_freesItsPlaceAndFiles() throws Throwable {
    try (LocalServer server = server(CallTimes.DEFAULT);
        TestChannel alice = server.connectUser("alice")) {
      for (int i = 0; i < JobEndpoint.MAX_SUBMISSIONS_PER_USER; i++) {
        assertEnds(begin(alice).send(new byte[3 << 20]), ErrorReason.MESSAGE_TOO_LARGE);
      }
      assertFree(server, alice);
    }
  }

  @Test
  void cancelledCall_freesItsPlaceAndFiles() throws Throwable {
    try (LocalServer server = server(CallTimes.DEFAULT);
        TestChannel alice = server.connectUser("alice")) {
      for (int i = 0; i < JobEndpoint.MAX_SUBMISSIONS_PER_USER; i++) {
        begin(alice).cancel();
      }
      assertFree(server, alice);
    }
  }

  @Test
  void requestThatNeverStalls_hasADeadlineAllTheSame() throws Throwable {
    try (LocalServer server = server(new CallTimes(LONG, LONG, SHORT));
        TestChannel alice = server.connectUser("alice")) {
      RawCall slow = begin(alice).send(piece(0)).send(piece(1));
      assertEnds(slow, ErrorReason.CALL_TIMED_OUT);
      assertFree(server, alice);
    }
  }

  @Test
  void user_withAsManySubmissionsAsAUserMayHave_overloadedAndNobodyElseIs() throws Throwable {
    try (LocalServer server = server(CallTimes.DEFAULT);
        TestChannel alice = server.connectUser("alice");
        TestChannel bob = server.connectUser("bob")) {
      List<RawCall> open =
          Stream.generate(() -> begin(alice)).limit(JobEndpoint.MAX_SUBMISSIONS_PER_USER).toList();
      awaitStaged(server, JobEndpoint.MAX_SUBMISSIONS_PER_USER);

      StatusRuntimeException refused =
          catchThrowableOfType(
              StatusRuntimeException.class, () -> new Researcher(alice).submit(JOB));

      Refusal refusal = StatusMapper.refusalOf(refused).orElseThrow();
      assertThat(refusal.reason()).isEqualTo(ErrorReason.OVERLOADED);
      assertThat(refusal.retryAfter()).isPresent();
      assertThat(new Researcher(bob).submit(JOB).created()).isTrue();
      open.forEach(RawCall::cancel);
    }
  }

  @Test
  void job_largerThanTheDisk_refusedAndNothingStaged() throws Throwable {
    try (LocalServer server = server(CallTimes.DEFAULT);
        TestChannel alice = server.connectUser("alice")) {
      StatusRuntimeException refused =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () -> new Researcher(alice).submit(hugeManifest(), new byte[0]));
      assertThat(StatusMapper.reasonOf(refused)).contains(ErrorReason.STORAGE_UNAVAILABLE);
      awaitStaged(server, 0);
    }
  }

  /** Of some terabytes. */
  private static Bytes hugeManifest() {
    JobManifest manifest = JOB.manifest();
    TrainingPlan training = manifest.training();
    LayerSpec.Dense wide = new LayerSpec.Dense(200_000, Activation.RELU);
    return ManifestCodec.encode(
        new JobManifest(
            manifest.job(),
            manifest.title(),
            manifest.consortium(),
            manifest.aggregation(),
            new TrainingPlan(
                new ModelDescription(
                    training.model().inputShape(),
                    List.of(wide, wide, wide, training.model().layers().getLast())),
                training.data(),
                training.local(),
                training.server(),
                training.rounds(),
                training.selection(),
                training.initialModelHash())));
  }

  private LocalServer server(CallTimes times) throws Exception {
    return new LocalServer(directory, JOB, times);
  }

  /** A submission with its manifest, whose model does not come. */
  private static RawCall begin(TestChannel channel) {
    return RawCall.start(channel, JobServiceGrpc.getSubmitJobMethod(), CallOptions.DEFAULT)
        .send(JobMessages.encode(new SubmitPart.Manifest(JOB.exactBytes())).toByteArray());
  }

  private static byte[] piece(long offset) {
    return JobMessages.encode(new SubmitPart.Model(new DataPiece(offset, new byte[1])))
        .toByteArray();
  }

  private static void assertEnds(RawCall call, ErrorReason reason) throws InterruptedException {
    StatusRuntimeException end = call.end();
    assertThat(StatusMapper.reasonOf(end)).as(String.valueOf(end)).contains(reason);
  }

  private static void assertFree(LocalServer server, TestChannel user) throws Throwable {
    awaitStaged(server, 0);
    assertThat(new Researcher(user).submit(JOB).created()).isTrue();
  }

  /** The caller hears of the end of a call before the files of it are gone. */
  private static void awaitStaged(LocalServer server, long count) throws IOException {
    long start = System.nanoTime();
    while (staged(server) != count) {
      assertThat(System.nanoTime() - start)
          .as("%d submissions staged, not %d", staged(server), count)
          .isLessThan(Duration.ofSeconds(20).toNanos());
      Thread.onSpinWait();
    }
  }

  private static long staged(LocalServer server) throws IOException {
    Path incoming = server.data().resolve("incoming");
    if (!Files.exists(incoming)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(incoming)) {
      return all.count();
    }
  }
}
