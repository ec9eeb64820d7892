package org.hanse.coordinator.grpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.hanse.coordinator.testing.TestChannel;

/** A call whose messages are whatever bytes the caller likes. */
final class RawCall {
  private final ClientCall<byte[], InputStream> call;
  private final CompletableFuture<Metadata> headers = new CompletableFuture<>();
  private final CompletableFuture<StatusRuntimeException> end = new CompletableFuture<>();

  private RawCall(ClientCall<byte[], InputStream> call) {
    this.call = call;
  }

  /** A call that takes every message of the answer. */
  static RawCall start(TestChannel channel, MethodDescriptor<?, ?> method, CallOptions options) {
    RawCall started = startUnread(channel, method, options);
    started.call.request(Integer.MAX_VALUE);
    return started;
  }

  /** A call that takes no message of the answer. */
  static RawCall startUnread(
      TestChannel channel, MethodDescriptor<?, ?> method, CallOptions options) {
    MethodDescriptor<byte[], InputStream> raw =
        MethodDescriptor.<byte[], InputStream>newBuilder()
            .setType(method.getType())
            .setFullMethodName(method.getFullMethodName())
            .setRequestMarshaller(new Raw())
            .setResponseMarshaller(new Unread())
            .build();
    RawCall started =
        new RawCall(
            channel.channel().newCall(raw, options.withDeadlineAfter(30, TimeUnit.SECONDS)));
    started.call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onHeaders(Metadata received) {
            started.headers.complete(received);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            started.end.complete(status.asRuntimeException(trailers));
          }
        },
        new Metadata());
    return started;
  }

  RawCall send(byte[] message) {
    call.sendMessage(message);
    return this;
  }

  RawCall halfClose() {
    call.halfClose();
    return this;
  }

  void cancel() {
    call.cancel("the test is done with it", null);
  }

  /** Waits until the answer has begun. */
  void awaitAnswer() throws InterruptedException {
    await(headers);
  }

  /** What the call ends with, when it does. */
  StatusRuntimeException end() throws InterruptedException {
    return await(end);
  }

  private static <T> T await(CompletableFuture<T> event) throws InterruptedException {
    try {
      return event.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("the call neither answers nor ends", e);
    }
  }

  private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class Unread implements MethodDescriptor.Marshaller<InputStream> {
    @Override
    public InputStream stream(InputStream value) {
      return value;
    }

    @Override
    public InputStream parse(InputStream stream) {
      return new ByteArrayInputStream(new byte[0]);
    }
  }
}
