package org.hanse.client.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.hanse.client.agent.CoordinatorException;
import org.hanse.client.config.job.ExampleJobs;
import org.hanse.client.config.job.JobFile;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.vector.FloatVector;
import org.hanse.wire.ManifestCodec;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.ErrorReason.Duty;
import org.hanse.wire.value.DownloadRequest;
import org.hanse.wire.value.SubmitPart;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobClientTest {
  private static final Duration AT_MOST = Duration.ofSeconds(30);
  private static final JobId JOB = new JobId("digits-1");

  @TempDir private Path directory;

  private FakeJobService coordinator;
  private JobClient client;
  private Bytes manifest;

  @BeforeEach
  void start() throws Exception {
    coordinator = new FakeJobService();
    client = coordinator.client();
    Path job = directory.resolve("job.yaml");
    Files.writeString(job, "id: digits-1\n" + ExampleJobs.withMembers(ExampleJobs.DIGITS, 5));
    manifest = ManifestCodec.encode(JobFile.read(job, () -> "x").manifest(Hash.of(new byte[32])));
  }

  @AfterEach
  void stop() {
    coordinator.close();
  }

  @Test
  void submit_modelOfSeveralPieces_arrivesWhole() throws Exception {
    FloatVector model = FloatVector.allocate(700_001);
    for (int i = 0; i < model.size(); i++) {
      model.set(i, i);
    }

    assertThat(client.submit(new SubmitPart.Manifest(manifest), model, AT_MOST).job())
        .isEqualTo(JOB);

    assertThat(coordinator.submittedModel())
        .isEqualTo(model.segment().toArray(ValueLayout.JAVA_BYTE));
  }

  @Test
  void submit_refused_carriesTheReason() {
    coordinator.failNext(ErrorReason.MANIFEST_INVALID);

    CoordinatorException refusal =
        catchThrowableOfType(
            CoordinatorException.class,
            () -> client.submit(new SubmitPart.Manifest(manifest), FloatVector.of(1), AT_MOST));

    assertThat(refusal.reason()).contains(ErrorReason.MANIFEST_INVALID);
    assertThat(refusal.duty()).isEqualTo(Duty.FIX);
  }

  @Test
  void job_connectionBroken_isWorthAnotherTry() {
    coordinator.breakNext();

    CoordinatorException failure =
        catchThrowableOfType(CoordinatorException.class, () -> client.job(JOB, AT_MOST));

    assertThat(failure.reason()).isEmpty();
    assertThat(failure.duty()).isEqualTo(Duty.RETRY);
    assertThat(failure).hasMessageContaining("connection reset");
  }

  @Test
  void downloadModel_sinkThrows_endsTheCallWithThatException() {
    coordinator.setModels(Integer.MAX_VALUE, new byte[10 * FakeJobService.PIECE_BYTES]);
    List<Long> offsets = new ArrayList<>();

    IOException thrown =
        catchThrowableOfType(
            IOException.class,
            () ->
                client.downloadModel(
                    new DownloadRequest.Model(
                        JOB, Hash.of(new byte[32]), 2 * FakeJobService.PIECE_BYTES),
                    AT_MOST,
                    piece -> {
                      offsets.add(piece.offsetBytes());
                      if (offsets.size() == 2) {
                        throw new IOException("disk full");
                      }
                    }));

    assertThat(thrown).hasMessage("disk full");
    assertThat(offsets).containsExactly(2000L, 3000L);
  }
}
