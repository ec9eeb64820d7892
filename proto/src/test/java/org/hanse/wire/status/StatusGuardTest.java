package org.hanse.wire.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.KnownLength;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.hanse.proto.v1.GetJobRequest;
import org.hanse.proto.v1.JobServiceGrpc;
import org.hanse.proto.v1.JobStatus;
import org.hanse.wire.JobMessages;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusGuardTest {
  private static final String SECRET = "/srv/hanse/data";

  private final List<Throwable> reported = new CopyOnWriteArrayList<>();
  private volatile Consumer<StreamObserver<JobStatus>> behaviour = StreamObserver::onCompleted;
  private Server server;
  private ManagedChannel channel;

  private final class Service extends JobServiceGrpc.JobServiceImplBase {
    @Override
    public void getJob(GetJobRequest request, StreamObserver<JobStatus> response) {
      JobMessages.decode(request);
      behaviour.accept(response);
    }
  }

  @BeforeEach
  void start() throws IOException {
    String name = InProcessServerBuilder.generateName();
    server =
        InProcessServerBuilder.forName(name)
            .directExecutor()
            .addService(StatusGuard.parsedInside(new Service().bindService()))
            .intercept(new StatusGuard((method, cause) -> reported.add(cause)))
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(name).directExecutor().build();
  }

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }

  private StatusRuntimeException failure(String job) {
    StatusRuntimeException e =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                JobServiceGrpc.newBlockingStub(channel)
                    .getJob(GetJobRequest.newBuilder().setJob(job).build()));
    assertThat(e).isNotNull();
    return e;
  }

  private void assertInternalWithoutText(StatusRuntimeException e) {
    assertThat(StatusMapper.reasonOf(e)).contains(ErrorReason.INTERNAL);
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(e.getStatus().getDescription()).isNull();
    assertThat(String.valueOf(e.getTrailers())).doesNotContain(SECRET);
  }

  @Test
  void call_answered_isOkAndUnreported() {
    behaviour =
        response -> {
          response.onNext(JobStatus.getDefaultInstance());
          response.onCompleted();
        };

    assertThat(
            JobServiceGrpc.newBlockingStub(channel)
                .getJob(GetJobRequest.newBuilder().setJob("a").build()))
        .isEqualTo(JobStatus.getDefaultInstance());
    assertThat(reported).isEmpty();
  }

  @Test
  void call_refusedFromTheTable_passesUnreported() {
    behaviour =
        response -> response.onError(StatusMapper.toStatus(ErrorReason.UNKNOWN_JOB, "no job a"));

    StatusRuntimeException e = failure("a");

    assertThat(StatusMapper.refusalOf(e)).contains(Refusal.of(ErrorReason.UNKNOWN_JOB, "no job a"));
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(reported).isEmpty();
  }

  @Test
  void call_malformedMessageThrown_isFieldInvalidUnreported() {
    StatusRuntimeException e = failure("NOT A NAME");

    assertThat(StatusMapper.refusalOf(e).orElseThrow().field()).contains("job");
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(reported).isEmpty();
  }

  @Test
  void call_exceptionThrown_isInternalAndReported() {
    IllegalStateException bug = new IllegalStateException(SECRET);
    behaviour =
        response -> {
          throw bug;
        };

    assertInternalWithoutText(failure("a"));
    assertThat(reported).containsExactly(bug);
  }

  @Test
  void call_closedWithForeignException_isInternalAndReported() {
    IOException cause = new IOException(SECRET);
    behaviour = response -> response.onError(cause);

    assertInternalWithoutText(failure("a"));
    assertThat(reported).containsExactly(cause);
  }

  @Test
  void call_closedWithStatusOutsideTheTable_isInternalAndReported() {
    behaviour =
        response -> response.onError(Status.NOT_FOUND.withDescription(SECRET).asRuntimeException());

    assertInternalWithoutText(failure("a"));
    assertThat(reported)
        .singleElement()
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
  }

  @Test
  void call_requestLargerThanItsMethodNeeds_isRefusedUnparsed() {
    StatusRuntimeException e = failure("a".repeat(RequestSizes.maxBytes("any")));

    assertThat(StatusMapper.refusalOf(e))
        .contains(
            Refusal.of(
                ErrorReason.MESSAGE_TOO_LARGE, "must have at most 4096 bytes, uncompressed"));
    assertThat(reported).isEmpty();
  }

  /** A request of these very bytes, as the transport hands it on. */
  private StatusRuntimeException failure(InputStream bytes) {
    MethodDescriptor<InputStream, JobStatus> raw =
        JobServiceGrpc.getGetJobMethod().toBuilder(
                new Streams(), JobServiceGrpc.getGetJobMethod().getResponseMarshaller())
            .build();
    StatusRuntimeException e =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> ClientCalls.blockingUnaryCall(channel, raw, CallOptions.DEFAULT, bytes));
    assertThat(e).isNotNull();
    return e;
  }

  @Test
  void call_bytesThatAreNoMessage_isFieldInvalidUnreported() {
    StatusRuntimeException e = failure(new Uncompressed(new byte[] {0x0a, 0x7f, 'a'}));

    assertThat(StatusMapper.refusalOf(e))
        .contains(Refusal.of(ErrorReason.FIELD_INVALID, "must be a valid message"));
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(reported).isEmpty();
  }

  @Test
  void call_requestOfUnknownLength_isRefusedUnparsed() {
    StatusRuntimeException e = failure(new ByteArrayInputStream(new byte[] {0x0a, 1, 'a'}));

    assertThat(StatusMapper.reasonOf(e)).contains(ErrorReason.MESSAGE_TOO_LARGE);
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(reported).isEmpty();
  }

  /** gRPC knows the length of what was not compressed. */
  private static final class Uncompressed extends ByteArrayInputStream implements KnownLength {
    Uncompressed(byte[] bytes) {
      super(bytes);
    }
  }

  private static final class Streams implements MethodDescriptor.Marshaller<InputStream> {
    @Override
    public InputStream stream(InputStream value) {
      return value;
    }

    @Override
    public InputStream parse(InputStream stream) {
      return stream;
    }
  }
}
