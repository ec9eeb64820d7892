package org.hanse.coordinator.grpc;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.StatusMapper;

/** The server's end of a call whose peer takes what it is told to take. */
final class FakeCall<T> extends ServerCallStreamObserver<T> {
  private final List<T> sent = new ArrayList<>();
  private final CompletableFuture<String> end = new CompletableFuture<>();
  private Runnable onReady = () -> {};
  private final AtomicInteger room = new AtomicInteger();

  /** The peer takes so many more messages. */
  void makeRoom(int messages) {
    room.addAndGet(messages);
    onReady.run();
  }

  List<T> sent() {
    return sent;
  }

  /** {@code OK}, or the reason that the call failed with. */
  CompletableFuture<String> end() {
    return end;
  }

  @Override
  public boolean isReady() {
    return room.get() > 0;
  }

  @Override
  public void onNext(T message) {
    room.decrementAndGet();
    sent.add(message);
  }

  @Override
  public void onError(Throwable thrown) {
    end.complete(
        thrown instanceof StatusRuntimeException status
            ? StatusMapper.reasonOf(status).map(ErrorReason::code).orElse("none")
            : thrown.toString());
  }

  @Override
  public void onCompleted() {
    end.complete("OK");
  }

  @Override
  public void setOnReadyHandler(Runnable handler) {
    onReady = handler;
  }

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public void setOnCancelHandler(Runnable handler) {}

  @Override
  public void setOnCloseHandler(Runnable handler) {}

  @Override
  public void setCompression(String compression) {}

  @Override
  public void disableAutoInboundFlowControl() {}

  @Override
  public void request(int count) {}

  @Override
  public void setMessageCompression(boolean enable) {}
}
