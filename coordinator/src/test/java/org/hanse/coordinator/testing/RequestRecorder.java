package org.hanse.coordinator.testing;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Keeps the bytes of every request as they go out to the coordinator. Thread-safe. */
public final class RequestRecorder implements ClientInterceptor {
  private final List<byte[]> requests = new ArrayList<>();

  /** All so far. */
  public synchronized List<byte[]> requests() {
    return List.copyOf(requests);
  }

  private synchronized void add(byte[] request) {
    requests.add(request);
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void sendMessage(Q message) {
        try (InputStream bytes = method.streamRequest(message)) {
          add(bytes.readAllBytes());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        super.sendMessage(message);
      }
    };
  }
}
