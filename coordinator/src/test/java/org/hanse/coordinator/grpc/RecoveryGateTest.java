package org.hanse.coordinator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.nio.file.Path;
import org.hanse.coordinator.testing.TestChannel;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.proto.v1.ListJobsRequest;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.StatusMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryGateTest {
  @TempDir private Path directory;

  @Test
  void call_beforeTheJobsStandWhereTheyStood_refusedAndHealthSaysSo() throws Exception {
    TestJob job = TestJob.of(TestJob.Shape.of(4));
    try (LocalServer server = new LocalServer(directory, job, CallTimes.DEFAULT, false);
        TestChannel alice = server.connectUser("alice")) {
      StatusRuntimeException refused =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () -> alice.jobs().listJobs(ListJobsRequest.getDefaultInstance()));
      assertThat(StatusMapper.reasonOf(refused)).contains(ErrorReason.STARTING);
      assertThat(health(alice)).isEqualTo(ServingStatus.NOT_SERVING);

      server.serve();
      assertThat(alice.jobs().listJobs(ListJobsRequest.getDefaultInstance()).getJobsList())
          .isEmpty();
      assertThat(health(alice)).isEqualTo(ServingStatus.SERVING);
    }
  }

  private static ServingStatus health(TestChannel channel) {
    return HealthGrpc.newBlockingStub(channel.channel())
        .check(HealthCheckRequest.getDefaultInstance())
        .getStatus();
  }
}
