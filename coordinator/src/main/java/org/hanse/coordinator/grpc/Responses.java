package org.hanse.coordinator.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Answers to unary calls, now or when a future is done. */
final class Responses {
  private final Executor executor;

  Responses(Executor executor) {
    this.executor = executor;
  }

  static <A> void send(StreamObserver<A> observer, A answer) {
    observer.onNext(answer);
    observer.onCompleted();
  }

  /** Answers when the future is done; what {@code answer} throws becomes the call's status. */
  <T, A> void sendWhenDone(
      CompletableFuture<T> future, StreamObserver<A> observer, Function<T, A> answer) {
    // A waiting call costs a virtual thread.
    executor.execute(() -> {
      try {
        send(observer, answer.apply(future.join()));
      } catch (RuntimeException e) {
        boolean gone = observer instanceof ServerCallStreamObserver<A> call && call.isCancelled();
        if (!gone) {
          observer.onError(e);
        }
      }
    });
  }
}
