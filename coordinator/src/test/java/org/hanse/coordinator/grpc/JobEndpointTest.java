package org.hanse.coordinator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hanse.coordinator.testing.Researcher;
import org.hanse.coordinator.testing.TestChannel;
import org.hanse.coordinator.testing.TestConsortium;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.plan.Hash;
import org.hanse.proto.v1.ListJobsRequest;
import org.hanse.wire.JobMessages;
import org.hanse.wire.TransferMessages;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.StatusMapper;
import org.hanse.wire.value.DownloadRequest;
import org.hanse.wire.value.JobSummary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobEndpointTest {
  private static final TestJob JOB = TestJob.of(TestJob.Shape.of(4).id("job-m"));

  @TempDir private Path directory;
  private Path leftover;
  private TestConsortium consortium;
  private TestChannel researcher;

  @BeforeEach
  void start() throws Exception {
    leftover = Files.createDirectories(directory.resolve("data/incoming/job-123/models"));
    Files.write(leftover.resolve("1.draft"), new byte[10]);
    consortium = new TestConsortium(directory, JOB);
    researcher = consortium.connectResearcher();
  }

  @AfterEach
  void stop() {
    researcher.close();
    consortium.close();
  }

  @Test
  void start_afterAKill_clearsWhatSubmissionsLeft() {
    assertThat(leftover).doesNotExist();
  }

  @Test
  void listJobs_several_theNewestFirst() throws Throwable {
    for (String id : List.of("job-z", "job-a", "job-m")) {
      new Researcher(researcher).submit(TestJob.of(TestJob.Shape.of(4).id(id)));
    }

    assertThat(JobMessages.decode(researcher.jobs().listJobs(ListJobsRequest.getDefaultInstance())))
        .extracting(JobSummary::job)
        .extracting(Object::toString)
        .containsExactly("job-m", "job-a", "job-z");
  }

  @Test
  void downloadJobModel_fromAnOffset_theRestOfTheModelNamed() throws Throwable {
    new Researcher(researcher).submit(JOB);
    byte[] model = JOB.model().segment().toArray(ValueLayout.JAVA_BYTE);
    Hash initial = JOB.manifest().training().initialModelHash();

    assertThat(download(initial, 1000))
        .isEqualTo(java.util.Arrays.copyOfRange(model, 1000, model.length));
  }

  @Test
  void downloadJobModel_thatIsNotTheJobs_unknownModel() throws Throwable {
    new Researcher(researcher).submit(JOB);

    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> download(Hash.of(new byte[32]), 0));

    assertThat(StatusMapper.reasonOf(refused)).contains(ErrorReason.UNKNOWN_MODEL);
  }

  private byte[] download(Hash model, long offset) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    researcher
        .jobs()
        .downloadJobModel(
            TransferMessages.encodeJobModel(
                new DownloadRequest.Model(JOB.manifest().job(), model, offset)))
        .forEachRemaining(chunk -> all.writeBytes(TransferMessages.decode(chunk).data()));
    return all.toByteArray();
  }
}
