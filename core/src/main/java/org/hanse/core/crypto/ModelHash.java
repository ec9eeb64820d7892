package org.hanse.core.crypto;

import java.lang.foreign.MemorySegment;
import org.hanse.core.plan.Hash;

/**
 * The name of a model: a Merkle root over its float32 bytes, so that pieces can be checked alone.
 */
public final class ModelHash {
  /** Bytes under one leaf; the last piece may be short. */
  public static final int PIECE_BYTES = 1 << 20;

  private ModelHash() {}

  /**
   * The root over the pieces' {@code leaf("flsa1/model", u64 i, bytes_i)}.
   *
   * @param littleEndianFloats all tensors in layout order, at least one byte
   */
  public static Hash of(MemorySegment littleEndianFloats) {
    MerkleRootBuilder root = new MerkleRootBuilder();
    long sizeBytes = littleEndianFloats.byteSize();
    for (long piece = 0; piece * PIECE_BYTES < sizeBytes; piece++) {
      long start = piece * PIECE_BYTES;
      long end = Math.min(start + PIECE_BYTES, sizeBytes);
      root.add(leaf(piece, littleEndianFloats.asSlice(start, end - start)));
    }
    return root.root();
  }

  /** The leaf of one piece. */
  public static Hash leaf(long piece, MemorySegment bytes) {
    return LabelledHash.leaf("flsa1/model", new Fields().u64(piece).bytes(bytes));
  }
}
