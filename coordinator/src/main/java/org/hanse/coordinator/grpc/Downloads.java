package org.hanse.coordinator.grpc;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.hanse.coordinator.storage.VectorFile;
import org.hanse.proto.v1.DataChunk;

/** Downloads of models and sums: a few a caller at once, none of them stalled for long. */
final class Downloads {
  static final int MAX_PER_CALLER = 4;

  private final ServiceParts parts;
  private final Duration stall;
  private final CallCap cap = new CallCap("downloads", MAX_PER_CALLER, Integer.MAX_VALUE);

  Downloads(ServiceParts parts, Duration stall) {
    this.parts = parts;
    this.stall = stall;
  }

  /** Where what is asked for comes from; empty if it is not there. */
  interface Source<T> {
    Optional<T> open() throws IOException;
  }

  /** A call that has its place. */
  private interface Begun {
    void run(CallCap.Place place) throws IOException;
  }

  /**
   * Sends one answer as large as a piece of a vector.
   *
   * @param missing the status if it is not there
   */
  <T> void send(
      Source<T> source, Supplier<StatusRuntimeException> missing, StreamObserver<T> observer) {
    ServerCallStreamObserver<T> call = (ServerCallStreamObserver<T>) observer;
    begin(place -> {
      call.setOnCancelHandler(place::leave);
      call.setOnCloseHandler(place::leave);
      Responses.send(observer, source.open().orElseThrow(missing));
    });
  }

  /**
   * Sends a vector from an offset on.
   *
   * @param missing the status if there is no such vector
   */
  void send(
      Source<VectorFile> source,
      Supplier<StatusRuntimeException> missing,
      long offsetBytes,
      StreamObserver<DataChunk> observer) {
    ServerCallStreamObserver<DataChunk> call = (ServerCallStreamObserver<DataChunk>) observer;
    begin(place -> {
      VectorSender sender =
          VectorSender.over(parts, source.open().orElseThrow(missing), offsetBytes, call, stall);
      call.setOnReadyHandler(sender::pump);
      call.setOnCancelHandler(() -> {
        sender.finish();
        place.leave();
      });
      // A stalled peer's place is free when its connection has let go of what was sent.
      call.setOnCloseHandler(place::leave);
      sender.pump();
    });
  }

  /** A call that fails before it is under way gives its place back. */
  private void begin(Begun begun) {
    CallCap.Place place = cap.enter(Callers.caller());
    try {
      begun.run(place);
    } catch (IOException e) {
      place.leave();
      throw parts.storageFailed(e);
    } catch (RuntimeException e) {
      place.leave();
      throw e;
    }
  }
}
