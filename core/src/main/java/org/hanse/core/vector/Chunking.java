package org.hanse.core.vector;

/**
 * How a vector is cut into chunks; the last one may be short.
 *
 * @param lengthElements elements in all, at least 1
 * @param chunkElements elements a chunk, at least 1
 */
public record Chunking(long lengthElements, int chunkElements) {
  public Chunking {
    if (lengthElements < 1 || chunkElements < 1) {
      throw new IllegalArgumentException(
          "cannot cut " + lengthElements + " elements into chunks of " + chunkElements);
    }
  }

  /** Number of chunks, at least 1. */
  public long chunkCount() {
    return Math.ceilDiv(lengthElements, (long) chunkElements);
  }

  /**
   * Index of the chunk's first element.
   *
   * @param chunk from 0
   * @throws IllegalArgumentException if there is no such chunk
   */
  public long firstElement(long chunk) {
    return checkChunk(chunk) * chunkElements;
  }

  /**
   * Number of elements in the chunk, 1 to {@code chunkElements}.
   *
   * @param chunk from 0
   * @throws IllegalArgumentException if there is no such chunk
   */
  public int elementsIn(long chunk) {
    return (int) Math.min(chunkElements, lengthElements - firstElement(chunk));
  }

  /**
   * Size of the chunk in bytes at four bytes an element.
   *
   * @param chunk from 0
   * @throws IllegalArgumentException if there is no such chunk
   */
  public int sizeBytes(long chunk) {
    return Math.multiplyExact(elementsIn(chunk), Integer.BYTES);
  }

  private long checkChunk(long chunk) {
    if (chunk < 0 || chunk >= chunkCount()) {
      throw new IllegalArgumentException("no chunk " + chunk + " of " + chunkCount());
    }
    return chunk;
  }
}
