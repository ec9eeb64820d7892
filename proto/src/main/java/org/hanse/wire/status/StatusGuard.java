package org.hanse.wire.status;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets no status leave that is not in the table: whatever a service throws or closes with otherwise
 * becomes an internal error without text. Belongs outermost, around every other interceptor, with
 * services that are {@link #parsedInside}.
 */
public final class StatusGuard implements ServerInterceptor {
  /** Hears of what the peer is not told; called on the call's thread. */
  public interface Unexpected {
    /**
     * A method ended in a way that is our bug.
     *
     * @param method full name of the gRPC method
     * @param cause what was thrown, or the status it closed with
     */
    void report(String method, Throwable cause);
  }

  private final Unexpected unexpected;

  public StatusGuard(Unexpected unexpected) {
    this.unexpected = unexpected;
  }

  /**
   * The service with its messages parsed behind all interceptors of the server, and only if they
   * are not larger than their method needs. Bytes that are no message then come to the guard, which
   * refuses them like a message out of range, where gRPC itself would log a stack trace and answer
   * with an unknown error.
   */
  public static ServerServiceDefinition parsedInside(ServerServiceDefinition service) {
    return ServerInterceptors.intercept(
        ServerInterceptors.useMarshalledMessages(service, new Unparsed()), new RequestSizes());
  }

  /** Passes streams through. */
  private static final class Unparsed implements MethodDescriptor.Marshaller<InputStream> {
    @Override
    public InputStream stream(InputStream value) {
      return value;
    }

    @Override
    public InputStream parse(InputStream stream) {
      return stream;
    }
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    GuardedCall<Q, A> guarded = new GuardedCall<>(call);
    try {
      return new GuardedListener<>(next.startCall(guarded, headers), guarded);
    } catch (RuntimeException e) {
      guarded.fail(e);
      return new ServerCall.Listener<>() {};
    }
  }

  private final class GuardedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final AtomicBoolean closed = new AtomicBoolean();

    GuardedCall(ServerCall<Q, A> call) {
      super(call);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (closed.getAndSet(true)) {
        return;
      }
      if (status.isOk()) {
        super.close(Status.OK, trailers);
        return;
      }
      StatusRuntimeException sent = StatusMapper.toStatus(status.asRuntimeException(trailers));
      if (!StatusMapper.isOurs(status, trailers)) {
        Throwable cause = status.getCause();
        report(cause == null ? status.asRuntimeException() : cause);
      }
      Metadata sentTrailers = sent.getTrailers();
      super.close(sent.getStatus(), sentTrailers == null ? new Metadata() : sentTrailers);
    }

    void fail(RuntimeException e) {
      StatusRuntimeException status = StatusMapper.toStatus(e);
      if (StatusMapper.reasonOf(status).equals(Optional.of(ErrorReason.INTERNAL))) {
        report(e);
      }
      Metadata trailers = status.getTrailers();
      close(status.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    private void report(Throwable cause) {
      unexpected.report(getMethodDescriptor().getFullMethodName(), cause);
    }
  }

  private static final class GuardedListener<Q> extends SimpleForwardingServerCallListener<Q> {
    private final StatusGuard.GuardedCall<Q, ?> call;

    GuardedListener(ServerCall.Listener<Q> listener, StatusGuard.GuardedCall<Q, ?> call) {
      super(listener);
      this.call = call;
    }

    @Override
    public void onMessage(Q message) {
      guarded(() -> super.onMessage(message));
    }

    @Override
    public void onHalfClose() {
      guarded(super::onHalfClose);
    }

    @Override
    public void onCancel() {
      guarded(super::onCancel);
    }

    @Override
    public void onComplete() {
      guarded(super::onComplete);
    }

    @Override
    public void onReady() {
      guarded(super::onReady);
    }

    private void guarded(Runnable event) {
      try {
        event.run();
      } catch (RuntimeException e) {
        call.fail(e);
      }
    }
  }
}
