package org.hanse.core.vector;

/**
 * How a vector is cut into chunks; the last one may be short.
 *
 * @param lengthElements elements in all, at least 1
 * @param chunkElements elements a chunk, at least 1
 * @param elementBytes bytes of an element as it is sent and stored, at least 1
 */
public record Chunking(long lengthElements, int chunkElements, int elementBytes) {
  public Chunking {
    if (lengthElements < 1 || chunkElements < 1 || elementBytes < 1) {
      throw new IllegalArgumentException(
          "cannot cut "
              + lengthElements
              + " elements of "
              + elementBytes
              + " bytes into chunks of "
              + chunkElements);
    }
  }

  /** Elements of four bytes. */
  public Chunking(long lengthElements, int chunkElements) {
    this(lengthElements, chunkElements, Integer.BYTES);
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
   * Size of the chunk in bytes.
   *
   * @param chunk from 0
   * @throws IllegalArgumentException if there is no such chunk
   */
  public int sizeBytes(long chunk) {
    return Math.multiplyExact(elementsIn(chunk), elementBytes);
  }

  /**
   * Where the chunk begins in a file that holds the whole vector.
   *
   * @param chunk from 0
   * @throws IllegalArgumentException if there is no such chunk
   */
  public long firstByte(long chunk) {
    return Math.multiplyExact(firstElement(chunk), (long) elementBytes);
  }

  /** Size of the whole vector in bytes. */
  public long lengthBytes() {
    return Math.multiplyExact(lengthElements, (long) elementBytes);
  }

  private long checkChunk(long chunk) {
    if (chunk < 0 || chunk >= chunkCount()) {
      throw new IllegalArgumentException("no chunk " + chunk + " of " + chunkCount());
    }
    return chunk;
  }
}
