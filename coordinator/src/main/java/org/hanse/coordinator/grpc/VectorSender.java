package org.hanse.coordinator.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import org.hanse.coordinator.storage.VectorFile;
import org.hanse.proto.v1.DataChunk;
import org.hanse.wire.TransferMessages;
import org.hanse.wire.WireLimits;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.StatusMapper;
import org.hanse.wire.value.DataPiece;

/**
 * Streams a vector from an offset on, as fast as the peer takes it: a piece is read from the disk
 * only when the connection is ready for it. Runs on the call's own thread.
 */
final class VectorSender {
  private final ServiceParts parts;
  private final VectorFile vector;
  private final ServerCallStreamObserver<DataChunk> call;
  private long offsetBytes;
  private boolean done;

  private VectorSender(
      ServiceParts parts,
      VectorFile vector,
      long offsetBytes,
      ServerCallStreamObserver<DataChunk> call) {
    this.parts = parts;
    this.vector = vector;
    this.offsetBytes = offsetBytes;
    this.call = call;
  }

  /** Begins to send; closes {@code vector} in the end. */
  static void send(
      ServiceParts parts,
      VectorFile vector,
      long offsetBytes,
      ServerCallStreamObserver<DataChunk> call)
      throws IOException {
    if (offsetBytes > vector.sizeBytes()) {
      vector.close();
      throw StatusMapper.toStatus(
          ErrorReason.OFFSET_OUT_OF_RANGE, "the vector has " + vector.sizeBytes() + " bytes");
    }
    VectorSender sender = new VectorSender(parts, vector, offsetBytes, call);
    call.setOnReadyHandler(sender::pump);
    call.setOnCancelHandler(sender::finish);
    sender.pump();
  }

  private void pump() {
    try {
      while (!done && call.isReady() && offsetBytes < vector.sizeBytes()) {
        int length = (int) Math.min(WireLimits.MAX_CHUNK_BYTES, vector.sizeBytes() - offsetBytes);
        call.onNext(
            TransferMessages.encode(new DataPiece(offsetBytes, vector.read(offsetBytes, length))));
        offsetBytes += length;
      }
      if (!done && offsetBytes == vector.sizeBytes()) {
        finish();
        call.onCompleted();
      }
    } catch (IOException e) {
      finish();
      throw parts.storageFailed(e);
    }
  }

  private void finish() {
    if (done) {
      return;
    }
    done = true;
    try {
      vector.close();
    } catch (IOException e) {
      // Nothing was written through it.
      return;
    }
  }
}
