package org.hanse.coordinator.grpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.time.Duration;
import java.time.InstantSource;
import org.hanse.coordinator.engine.Timers;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.StatusMapper;

/**
 * Ends a call whose request stops coming: neither the next message nor its end within the time
 * allowed. Once the request is complete the answer takes what it takes.
 */
final class RequestTimeout implements ServerInterceptor {
  private final Timers timers;
  private final InstantSource clock;
  private final Duration patience;

  RequestTimeout(Timers timers, InstantSource clock, Duration patience) {
    this.timers = timers;
    this.clock = clock;
    this.patience = patience;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return new Watch<>(next.startCall(call, headers), call);
  }

  private final class Watch<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, ?> call;
    private Timers.Alarm alarm;

    Watch(ServerCall.Listener<Q> listener, ServerCall<Q, ?> call) {
      super(listener);
      this.call = call;
      this.alarm = start();
    }

    private Timers.Alarm start() {
      return timers.schedule(clock.instant().plus(patience), this::expire);
    }

    private void expire() {
      var status = StatusMapper.toStatus(ErrorReason.CALL_TIMED_OUT, "the request stopped coming");
      Metadata trailers = status.getTrailers();
      call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    @Override
    public void onMessage(Q message) {
      alarm.cancel();
      super.onMessage(message);
      alarm = start();
    }

    @Override
    public void onHalfClose() {
      alarm.cancel();
      super.onHalfClose();
    }

    @Override
    public void onCancel() {
      alarm.cancel();
      super.onCancel();
    }

    @Override
    public void onComplete() {
      alarm.cancel();
      super.onComplete();
    }
  }
}
