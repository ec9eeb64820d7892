package org.hanse.coordinator.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.hanse.proto.v1.SiteServiceGrpc;
import org.hanse.proto.v1.UploadRequest;
import org.hanse.proto.v1.UploadResponse;
import org.hanse.wire.status.StatusMapper;
import org.junit.jupiter.api.Test;

class RequestTimeoutTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration NEARLY = PATIENCE.minusSeconds(1);

  private final FakeTimers timers = new FakeTimers();
  private final List<String> reasons = new ArrayList<>();
  private final ServerCall.Listener<UploadRequest> listener =
      new RequestTimeout(timers, timers, PATIENCE)
          .interceptCall(
              new ClosedCall(), new Metadata(), (call, headers) -> new ServerCall.Listener<>() {});

  @Test
  void requestThatNeverBegins_timesOut() {
    timers.advance(NEARLY);
    assertThat(reasons).isEmpty();
    timers.advance(Duration.ofSeconds(1));
    assertThat(reasons).containsExactly("call-timed-out");
  }

  @Test
  void everyMessage_startsThePatienceAnew() {
    for (int i = 0; i < 3; i++) {
      timers.advance(NEARLY);
      listener.onMessage(UploadRequest.getDefaultInstance());
    }
    assertThat(reasons).isEmpty();
    timers.advance(PATIENCE);
    assertThat(reasons).containsExactly("call-timed-out");
  }

  @Test
  void completeRequest_mayBeAnsweredAtLeisure() {
    listener.onMessage(UploadRequest.getDefaultInstance());
    listener.onHalfClose();
    timers.advance(PATIENCE.multipliedBy(10));
    assertThat(reasons).isEmpty();
    assertThat(timers.pending()).isZero();
  }

  @Test
  void callThatEnded_leavesNoTimer() {
    listener.onCancel();
    assertThat(timers.pending()).isZero();
  }

  @Test
  void callClosedByTheServer_leavesNoTimer() {
    listener.onComplete();
    assertThat(timers.pending()).isZero();
  }

  private final class ClosedCall extends ServerCall<UploadRequest, UploadResponse> {
    @Override
    public void close(Status status, Metadata trailers) {
      reasons.add(StatusMapper.reasonOf(status.asRuntimeException(trailers)).orElseThrow().code());
    }

    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(UploadResponse message) {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<UploadRequest, UploadResponse> getMethodDescriptor() {
      return SiteServiceGrpc.getUploadMethod();
    }
  }
}
