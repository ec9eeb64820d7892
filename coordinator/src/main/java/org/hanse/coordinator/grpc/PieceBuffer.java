package org.hanse.coordinator.grpc;

import java.io.IOException;
import java.util.Arrays;
import org.hanse.coordinator.storage.ModelDraft;
import org.hanse.core.crypto.ModelHash;
import org.hanse.wire.value.DataPiece;

/** Cuts a stream of bytes, however it arrives, into the pieces that a model is hashed by. */
final class PieceBuffer {
  private final long sizeBytes;
  private final byte[] buffer = new byte[ModelHash.PIECE_BYTES];
  private long takenBytes;
  private int buffered;

  PieceBuffer(long sizeBytes) {
    this.sizeBytes = sizeBytes;
  }

  /** Whether these bytes are the next ones, and not too many. */
  boolean takes(DataPiece piece) {
    return piece.offsetBytes() == takenBytes && piece.data().length <= sizeBytes - takenBytes;
  }

  void skip(DataPiece piece) {
    takenBytes += piece.data().length;
  }

  void write(DataPiece piece, ModelDraft model) throws IOException {
    byte[] data = piece.data();
    int used = 0;
    while (used < data.length) {
      int count = Math.min(data.length - used, buffer.length - buffered);
      System.arraycopy(data, used, buffer, buffered, count);
      used += count;
      buffered += count;
      takenBytes += count;
      if (buffered == buffer.length || takenBytes == sizeBytes) {
        model.write((takenBytes - 1) / buffer.length, Arrays.copyOf(buffer, buffered));
        buffered = 0;
      }
    }
  }

  boolean complete() {
    return takenBytes == sizeBytes;
  }
}
