package org.hanse.core.secagg.mask;

import java.util.Arrays;
import java.util.List;
import org.hanse.core.crypto.Erasable;
import org.hanse.core.crypto.MerkleTree;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.ChunkTree;
import org.hanse.core.secagg.ToSite;

/**
 * Recomputes chunks of a sum from the uploads that the survivors committed to. Unlike the keyed
 * tag, this also binds a coordinator that knows the tag's key through a site. Holds one chunk;
 * erased after use. Not thread-safe.
 *
 * <p>Source: docs/protocol.md, "Transcript and audit".
 */
public final class SumAuditor implements Erasable {
  private final Hash context;
  private final List<ToSite.Survivor> survivors;
  private final Unmasker unmasker;

  /**
   * An auditor of one attempt's sum.
   *
   * @param unmasker of the secrets that the releases opened; taken over
   */
  public SumAuditor(Hash context, List<ToSite.Survivor> survivors, Unmasker unmasker) {
    this.context = context;
    this.survivors = List.copyOf(survivors);
    this.unmasker = unmasker;
  }

  /** U3, ascending: whose chunks are needed, in this order. */
  public List<Fingerprint> survivors() {
    return unmasker.survivors();
  }

  /** One chunk of the sum, to which the survivors' chunks are added one after the other. */
  public ChunkAudit begin(long chunk) {
    return new ChunkAudit(chunk);
  }

  /** Zeroes the revealed seeds. */
  @Override
  public void erase() {
    unmasker.erase();
  }

  /** The audit of one chunk. */
  public final class ChunkAudit {
    private final long chunk;
    private final int[] sum;
    private final int[] added = {0};

    private ChunkAudit(long chunk) {
      this.chunk = chunk;
      this.sum = new int[unmasker.chunking().elementsIn(chunk)];
    }

    /**
     * Adds the next survivor's chunk.
     *
     * @param littleEndian the masked elements
     * @param path Merkle proof from leaf to root
     * @return false if these are not the bytes that the survivor signed: the audit has failed
     * @throws IllegalStateException if all survivors' chunks were added
     */
    public boolean add(byte[] littleEndian, List<Hash> path) {
      if (added[0] == survivors.size()) {
        throw new IllegalStateException("all " + added[0] + " uploads were added");
      }
      ToSite.Survivor survivor = survivors.get(added[0]);
      if (littleEndian.length != unmasker.chunking().sizeBytes(chunk)) {
        return false;
      }
      Hash leaf = ChunkTree.ofUpload(context, survivor.site()).leaf(chunk, littleEndian);
      if (!MerkleTree.verify(
          leaf, chunk, unmasker.chunking().chunkCount(), path, survivor.root())) {
        return false;
      }
      unmasker.add(sum, littleEndian);
      added[0]++;
      return true;
    }

    /**
     * Whether {@code elements} is what the uploads' chunks sum up to without their masks.
     *
     * @throws IllegalStateException before all survivors' chunks were added
     */
    public boolean confirms(int[] elements) {
      if (added[0] != survivors.size()) {
        throw new IllegalStateException(added[0] + " uploads of " + survivors.size());
      }
      int[] unmasked = sum.clone();
      unmasker.removeMasks(unmasked, chunk);
      return Arrays.equals(unmasked, elements);
    }
  }
}
