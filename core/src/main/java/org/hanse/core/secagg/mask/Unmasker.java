package org.hanse.core.secagg.mask;

import java.util.List;
import org.hanse.core.crypto.Erasable;
import org.hanse.core.crypto.Mersenne61;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.ChunkTree;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.LittleEndian;

/**
 * Sums the survivors' uploads and removes the masks that do not cancel. Thread-safe by chunk; holds
 * one chunk a thread.
 */
public final class Unmasker implements Erasable {
  private final Hash context;
  private final Chunking chunking;
  private final List<ToSite.Survivor> survivors;
  private final MaskSet removal;

  /**
   * @param survivors U3
   * @param leftover the masks that are in the survivors' sum; taken over
   */
  public Unmasker(
      Hash context, Chunking chunking, List<ToSite.Survivor> survivors, MaskSet leftover) {
    this.context = context;
    this.chunking = chunking;
    this.survivors = List.copyOf(survivors);
    this.removal = leftover.negated();
  }

  /** Reads one chunk of one site's spooled upload: little-endian elements. */
  public interface UploadReader {
    byte[] read(Fingerprint site, long chunk);
  }

  /** U3, ascending. */
  public List<Fingerprint> survivors() {
    return survivors.stream().map(ToSite.Survivor::site).toList();
  }

  /** How uploads and sum are cut. */
  public Chunking chunking() {
    return chunking;
  }

  /** Empty tree that the sum's chunks go into, for the result root. */
  public ChunkTree newResultTree() {
    return ChunkTree.ofResult(context);
  }

  /**
   * X in this chunk.
   *
   * @throws IllegalArgumentException if {@code uploads} returns a chunk of another length
   */
  public int[] unmask(long chunk, UploadReader uploads) {
    int[] sum = new int[chunking.elementsIn(chunk)];
    for (ToSite.Survivor survivor : survivors) {
      byte[] upload = uploads.read(survivor.site(), chunk);
      if (upload.length != chunking.sizeBytes(chunk)) {
        throw new IllegalArgumentException(
            "chunk " + chunk + " of " + survivor.site() + " has " + upload.length + " bytes");
      }
      add(sum, upload);
    }
    removeMasks(sum, chunk);
    return sum;
  }

  /** Turns the plain sum of the survivors' uploads in this chunk into X: signed ring elements. */
  void removeMasks(int[] sum, long chunk) {
    removal.applyTo(sum, chunking.firstElement(chunk));
  }

  /** T0, from the survivors' committed tags. */
  public long tag0() {
    return unmaskTag(survivors.stream().mapToLong(ToSite.Survivor::tag0).toArray(), 0);
  }

  /** T1, from the survivors' committed tags. */
  public long tag1() {
    return unmaskTag(survivors.stream().mapToLong(ToSite.Survivor::tag1).toArray(), 1);
  }

  @Override
  public void erase() {
    removal.erase();
  }

  private long unmaskTag(long[] committed, int tag) {
    long sum = removal.tagMask(tag);
    for (long value : committed) {
      sum = Mersenne61.add(sum, value);
    }
    return sum;
  }

  /**
   * Adds one upload's chunk modulo 2^32, which is right modulo 2^16 too.
   *
   * @param littleEndian as long as the chunk must be
   */
  void add(int[] sum, byte[] littleEndian) {
    LittleEndian.addTo(sum, littleEndian, chunking.elementBytes());
  }
}
