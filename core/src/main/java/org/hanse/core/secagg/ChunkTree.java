package org.hanse.core.secagg;

import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.crypto.MerkleRootBuilder;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;

/**
 * Merkle root over a vector's chunks as they stream by, in order: what a site signs of its upload
 * and the coordinator of the sum. Keeps O(log chunks) hashes. Not thread-safe but for {@link
 * #leaf}.
 */
public final class ChunkTree {
  private final String label;
  private final Bytes[] prefix;
  private final MerkleRootBuilder root = new MerkleRootBuilder();
  private final long[] chunkCount = {0};

  private ChunkTree(String label, Bytes... prefix) {
    this.label = label;
    this.prefix = prefix;
  }

  /** Root of one site's masked upload in the attempt named by {@code context}. */
  public static ChunkTree ofUpload(Hash context, Fingerprint site) {
    return new ChunkTree("flsa1/chunk", context.bytes(), site.bytes());
  }

  /** Root of the unmasked sum. */
  public static ChunkTree ofResult(Hash context) {
    return new ChunkTree("flsa1/result", context.bytes());
  }

  /** Appends the next chunk's little-endian bytes. */
  public void add(byte[] chunk) {
    addLeaf(leaf(chunkCount[0], chunk));
  }

  /** Appends the next chunk's leaf. */
  public void addLeaf(Hash leaf) {
    root.add(leaf);
    chunkCount[0]++;
  }

  /** The leaf of one chunk. Thread-safe, so that chunks can be hashed in any order. */
  public Hash leaf(long chunk, byte[] littleEndian) {
    Fields fields = new Fields();
    for (Bytes field : prefix) {
      fields.bytes(field);
    }
    return LabelledHash.leaf(label, fields.u64(chunk).bytes(littleEndian));
  }

  /** Chunks added so far. */
  public long chunkCount() {
    return chunkCount[0];
  }

  /**
   * The root of all chunks added.
   *
   * @throws IllegalStateException if there are none
   */
  public Hash root() {
    return root.root();
  }
}
