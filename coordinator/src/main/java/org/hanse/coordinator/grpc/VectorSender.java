package org.hanse.coordinator.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.time.Duration;
import org.hanse.coordinator.engine.Timers;
import org.hanse.coordinator.storage.VectorFile;
import org.hanse.proto.v1.DataChunk;
import org.hanse.wire.TransferMessages;
import org.hanse.wire.WireLimits;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.StatusMapper;
import org.hanse.wire.value.DataPiece;

/**
 * Streams a vector from an offset on, as fast as the peer takes it: a piece is read from the disk
 * only when the connection is ready for it. A peer that takes nothing for too long is told so, and
 * comes back for the rest. Thread-safe.
 */
final class VectorSender {
  private final ServiceParts parts;
  private final VectorFile vector;
  private final ServerCallStreamObserver<DataChunk> call;
  private final Duration stall;
  private long offsetBytes;
  private Timers.Alarm alarm = () -> {};
  private boolean done;

  private VectorSender(
      ServiceParts parts,
      VectorFile vector,
      long offsetBytes,
      ServerCallStreamObserver<DataChunk> call,
      Duration stall) {
    this.parts = parts;
    this.vector = vector;
    this.offsetBytes = offsetBytes;
    this.call = call;
    this.stall = stall;
  }

  /** A sender that closes {@code vector} in the end, also if this throws. */
  static VectorSender over(
      ServiceParts parts,
      VectorFile vector,
      long offsetBytes,
      ServerCallStreamObserver<DataChunk> call,
      Duration stall)
      throws IOException {
    if (offsetBytes > vector.sizeBytes()) {
      vector.close();
      throw StatusMapper.toStatus(
          ErrorReason.OFFSET_OUT_OF_RANGE, "the vector has " + vector.sizeBytes() + " bytes");
    }
    return new VectorSender(parts, vector, offsetBytes, call, stall);
  }

  /** Sends what the connection is ready for. */
  synchronized void pump() {
    if (done) {
      return;
    }
    alarm.cancel();
    try {
      while (call.isReady() && offsetBytes < vector.sizeBytes()) {
        int length = (int) Math.min(WireLimits.MAX_CHUNK_BYTES, vector.sizeBytes() - offsetBytes);
        call.onNext(
            TransferMessages.encode(new DataPiece(offsetBytes, vector.read(offsetBytes, length))));
        offsetBytes += length;
      }
    } catch (IOException e) {
      finish();
      throw parts.storageFailed(e);
    }
    if (offsetBytes == vector.sizeBytes()) {
      finish();
      call.onCompleted();
    } else {
      alarm =
          parts
              .timers()
              .schedule(
                  parts.clock().instant().plus(stall),
                  () -> parts.executor().execute(this::expire));
    }
  }

  private synchronized void expire() {
    if (!done) {
      finish();
      call.onError(
          StatusMapper.toStatus(ErrorReason.CALL_TIMED_OUT, "nothing was taken for too long"));
    }
  }

  /** Sends nothing more. */
  synchronized void finish() {
    if (done) {
      return;
    }
    done = true;
    alarm.cancel();
    try {
      vector.close();
    } catch (IOException e) {
      // Nothing was written through it.
      return;
    }
  }
}
