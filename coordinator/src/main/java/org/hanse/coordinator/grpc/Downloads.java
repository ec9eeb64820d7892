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

  /** Where a vector comes from; empty if it is not there. */
  interface Source {
    Optional<VectorFile> open() throws IOException;
  }

  /** What a single answer is made of; empty if it is not there. */
  interface Answer<T> {
    Optional<T> find() throws IOException;
  }

  /**
   * Sends one answer as large as a piece of a vector.
   *
   * @param missing the status if it is not there
   */
  <T> void send(
      Answer<T> answer, Supplier<StatusRuntimeException> missing, StreamObserver<T> observer) {
    ServerCallStreamObserver<T> call = (ServerCallStreamObserver<T>) observer;
    CallCap.Place place = cap.enter(Callers.caller());
    try {
      call.setOnCancelHandler(place::leave);
      call.setOnCloseHandler(place::leave);
      Responses.send(observer, answer.find().orElseThrow(missing));
    } catch (IOException e) {
      place.leave();
      throw parts.storageFailed(e);
    } catch (RuntimeException e) {
      place.leave();
      throw e;
    }
  }

  /**
   * Sends a vector from an offset on.
   *
   * @param missing the status if there is no such vector
   */
  void send(
      Source source,
      Supplier<StatusRuntimeException> missing,
      long offsetBytes,
      StreamObserver<DataChunk> observer) {
    ServerCallStreamObserver<DataChunk> call = (ServerCallStreamObserver<DataChunk>) observer;
    CallCap.Place place = cap.enter(Callers.caller());
    try {
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
    } catch (IOException e) {
      place.leave();
      throw parts.storageFailed(e);
    } catch (RuntimeException e) {
      place.leave();
      throw e;
    }
  }
}
