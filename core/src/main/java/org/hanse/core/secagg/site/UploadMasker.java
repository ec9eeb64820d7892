package org.hanse.core.secagg.site;

import org.hanse.core.crypto.LinearTag;
import org.hanse.core.crypto.MaskStream;
import org.hanse.core.crypto.Mersenne61;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.ChunkTree;
import org.hanse.core.secagg.mask.MaskSet;
import org.hanse.core.secagg.mask.TagKey;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.IntChunks;
import org.hanse.core.vector.LittleEndian;
import org.jspecify.annotations.Nullable;

/**
 * Masks one update under the attempt's seeds. Erased with the attempt, after which every use is an
 * IllegalStateException; safe to use from one thread while another ends the attempt. Holds one
 * chunk, and a hash of each, in memory.
 */
public final class UploadMasker {
  private final Hash context;
  private final Fingerprint site;
  private final Chunking chunking;
  private final MaskSet masks;
  private final TagKey tagKey;

  /** Leaves of the chunks masked so far: a chunk is never masked with two contents. */
  private final @Nullable Hash[] leaves;

  /** A masker of one site's upload. Takes over {@code masks}; {@code tagKey} stays its owner's. */
  public UploadMasker(
      Hash context, Fingerprint site, Chunking chunking, MaskSet masks, TagKey tagKey) {
    this.context = context;
    this.site = site;
    this.chunking = chunking;
    this.masks = masks;
    this.tagKey = tagKey;
    this.leaves = new Hash[Math.toIntExact(chunking.chunkCount())];
  }

  /** Takes masked chunks in order. */
  public interface ChunkSink {
    /**
     * One masked chunk.
     *
     * @param littleEndian the chunk's elements; the receiver owns the array
     */
    void accept(long chunk, byte[] littleEndian);
  }

  /** How the vector is cut; the update must be cut likewise. */
  public Chunking chunking() {
    return chunking;
  }

  /**
   * Masks every chunk, in order, and computes root and tags of the whole. May be repeated.
   *
   * @throws IllegalArgumentException if {@code encoded} is cut otherwise
   * @throws IllegalStateException if the attempt is over, or {@code encoded} is another vector than
   *     before: two vectors under one mask would reveal their difference
   */
  public SiteInput.UploadSummary maskAll(IntChunks encoded, ChunkSink sink) {
    checkCut(encoded);
    ChunkTree tree = ChunkTree.ofUpload(context, site);
    long[] tags = new long[TagKey.TAGS];
    for (long chunk = 0; chunk < chunking.chunkCount(); chunk++) {
      int[] elements = encoded.read(chunk);
      byte[] masked;
      synchronized (this) {
        for (int tag = 0; tag < TagKey.TAGS; tag++) {
          MaskStream key = tagKey.words(tag);
          long part = LinearTag.dot(key, elements, chunking.firstElement(chunk));
          tags[tag] = Mersenne61.add(tags[tag], part);
        }
        masked = mask(elements, chunk);
      }
      tree.addLeaf(bind(tree.leaf(chunk, masked), chunk));
      sink.accept(chunk, masked);
    }
    synchronized (this) {
      for (int tag = 0; tag < TagKey.TAGS; tag++) {
        tags[tag] = Mersenne61.add(tags[tag], tagKey.pad(site, tag));
        tags[tag] = Mersenne61.add(tags[tag], masks.tagMask(tag));
      }
    }
    return new SiteInput.UploadSummary(tree.root(), tree.chunkCount(), tags[0], tags[1]);
  }

  /**
   * One masked chunk again, to resume an upload: the same bytes as in {@link #maskAll}.
   *
   * @throws IllegalArgumentException if {@code encoded} is cut otherwise
   * @throws IllegalStateException as {@link #maskAll}
   */
  public byte[] maskedChunk(IntChunks encoded, long chunk) {
    checkCut(encoded);
    int[] elements = encoded.read(chunk);
    byte[] masked;
    synchronized (this) {
      masked = mask(elements, chunk);
    }
    bind(ChunkTree.ofUpload(context, site).leaf(chunk, masked), chunk);
    return masked;
  }

  /** Waits for a chunk in the making, so that none is made with half-erased seeds. */
  synchronized void erase() {
    masks.erase();
  }

  /** Overwrites {@code elements}, the caller's own copy. */
  private byte[] mask(int[] elements, long chunk) {
    if (elements.length != chunking.elementsIn(chunk)) {
      throw new IllegalArgumentException(
          "chunk " + chunk + " of the update has " + elements.length + " elements");
    }
    masks.applyTo(elements, chunking.firstElement(chunk));
    return LittleEndian.bytes(elements, chunking.elementBytes());
  }

  private Hash bind(Hash leaf, long chunk) {
    Hash before = leaves[(int) chunk];
    if (before != null && !before.equals(leaf)) {
      throw new IllegalStateException("chunk " + chunk + " was masked with another content before");
    }
    leaves[(int) chunk] = leaf;
    return leaf;
  }

  private void checkCut(IntChunks encoded) {
    if (!encoded.chunking().equals(chunking)) {
      throw new IllegalArgumentException(
          "the update is cut as " + encoded.chunking() + ", not as " + chunking);
    }
  }
}
