package org.hanse.bench;

import java.util.SplittableRandom;
import org.hanse.core.plan.Ring;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.IntChunks;

/**
 * A site's encoded update, drawn anew from a seed for every chunk that is read.
 *
 * @param seed the site's
 */
record SeededUpdate(Chunking chunking, Ring ring, int members, long seed) implements IntChunks {
  private static final long CHUNK_SEEDS = 1L << 32;

  @Override
  public int[] read(long chunk) {
    SplittableRandom random = new SplittableRandom(seed * CHUNK_SEEDS + chunk);
    int[] elements = new int[chunking.elementsIn(chunk)];
    int unused = Integer.SIZE - ring.bits();
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (random.nextInt() >> unused) / members; // so that no sum wraps
    }
    return elements;
  }

  /** The same update held in memory: reading a chunk is then a copy. */
  IntChunks held() {
    int[][] chunks = new int[Math.toIntExact(chunking.chunkCount())][];
    for (int chunk = 0; chunk < chunks.length; chunk++) {
      chunks[chunk] = read(chunk);
    }
    return new IntChunks() {
      @Override
      public Chunking chunking() {
        return chunking;
      }

      @Override
      public int[] read(long chunk) {
        return chunks[(int) chunk].clone();
      }
    };
  }
}
