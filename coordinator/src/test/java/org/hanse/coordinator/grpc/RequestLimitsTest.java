package org.hanse.coordinator.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.hanse.coordinator.testing.TestChannel;
import org.hanse.coordinator.testing.TestConsortium;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.proto.v1.JobServiceGrpc;
import org.hanse.proto.v1.SiteServiceGrpc;
import org.hanse.wire.WireLimits;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.StatusMapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What no method takes, whoever calls it: refused with its code, over TLS, before it is parsed. */
class RequestLimitsTest {
  @TempDir private static Path directory;
  private static TestConsortium consortium;
  private static TestChannel site;
  private static TestChannel researcher;

  @BeforeAll
  static void start() throws Exception {
    consortium = new TestConsortium(directory, TestJob.of(TestJob.Shape.of(4)));
    site = consortium.connectSite(0);
    researcher = consortium.connectResearcher();
  }

  @AfterAll
  static void stop() {
    site.close();
    researcher.close();
    consortium.close();
  }

  static Stream<Arguments> methods() {
    return Stream.of(
            SiteServiceGrpc.getServiceDescriptor(),
            JobServiceGrpc.getServiceDescriptor(),
            HealthGrpc.getServiceDescriptor())
        .flatMap(service -> service.getMethods().stream())
        .map(method -> Arguments.of(Named.of(method.getFullMethodName(), method)));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void request_undecodable_fieldInvalid(MethodDescriptor<?, ?> method) throws Exception {
    assertRefused(
        call(method, CallOptions.DEFAULT).send(new byte[] {10, 127, 1}).halfClose(),
        Status.Code.INVALID_ARGUMENT,
        ErrorReason.FIELD_INVALID);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void request_largerThanItsMethodNeeds_messageTooLarge(MethodDescriptor<?, ?> method)
      throws Exception {
    // Below the limit of the transport: two bytes each for two million empty positions.
    byte[] positions = new byte[WireLimits.MAX_MESSAGE_BYTES];
    for (int i = 0; i < positions.length; i += 2) {
      positions[i] = 10;
    }
    assertRefused(
        call(method, CallOptions.DEFAULT).send(positions).halfClose(),
        Status.Code.RESOURCE_EXHAUSTED,
        ErrorReason.MESSAGE_TOO_LARGE);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void request_compressed_messageTooLarge(MethodDescriptor<?, ?> method) throws Exception {
    assertRefused(
        call(method, CallOptions.DEFAULT.withCompression("gzip")).send(new byte[100]).halfClose(),
        Status.Code.RESOURCE_EXHAUSTED,
        ErrorReason.MESSAGE_TOO_LARGE);
  }

  private static RawCall call(MethodDescriptor<?, ?> method, CallOptions options) {
    boolean jobs = method.getFullMethodName().startsWith(JobServiceGrpc.SERVICE_NAME);
    return RawCall.start(jobs ? researcher : site, method, options);
  }

  private static void assertRefused(RawCall call, Status.Code code, ErrorReason reason)
      throws InterruptedException {
    StatusRuntimeException end = call.end();
    assertThat(StatusMapper.reasonOf(end)).as(String.valueOf(end)).contains(reason);
    assertThat(end.getStatus().getCode()).isEqualTo(code);
    assertThat(
            HealthGrpc.newBlockingStub(site.channel())
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }
}
