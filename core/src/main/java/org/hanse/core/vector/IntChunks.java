package org.hanse.core.vector;

/**
 * A vector of signed 32-bit integers that is read chunk by chunk, so that nobody needs it whole in
 * memory. Reading a chunk twice gives the same values.
 */
public interface IntChunks {
  /** How the vector is cut. */
  Chunking chunking();

  /** A new array with the chunk's elements; index from 0. */
  int[] read(long chunk);
}
