package org.hanse.core.secagg;

import java.util.Arrays;
import org.hanse.core.plan.Limits;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.IntChunks;

/** A vector that is held whole. */
public final class IntVector implements IntChunks {
  private final int[] elements;
  private final int chunkElements;

  /** Keeps the array. */
  public IntVector(int[] elements, int chunkElements) {
    this.elements = elements;
    this.chunkElements = chunkElements;
  }

  public IntVector(int... elements) {
    this(elements, Limits.CHUNK_ELEMENTS);
  }

  public static IntVector copyOf(IntChunks chunks) {
    int[] elements = new int[Math.toIntExact(chunks.chunking().lengthElements())];
    for (long chunk = 0; chunk < chunks.chunking().chunkCount(); chunk++) {
      int[] part = chunks.read(chunk);
      int first = (int) chunks.chunking().firstElement(chunk);
      System.arraycopy(part, 0, elements, first, part.length);
    }
    return new IntVector(elements, chunks.chunking().chunkElements());
  }

  @Override
  public Chunking chunking() {
    return new Chunking(elements.length, chunkElements);
  }

  @Override
  public int[] read(long chunk) {
    int first = (int) chunking().firstElement(chunk);
    return Arrays.copyOfRange(elements, first, first + chunking().elementsIn(chunk));
  }

  public int[] elements() {
    return elements.clone();
  }

  public int size() {
    return elements.length;
  }

  public int get(int index) {
    return elements[index];
  }

  /** A copy with one element changed. */
  public IntVector with(int index, int value) {
    int[] changed = elements.clone();
    changed[index] = value;
    return new IntVector(changed, chunkElements);
  }

  /** The elementwise sum modulo 2^32. */
  public IntVector plus(IntVector other) {
    int[] sum = elements.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other.elements[i];
    }
    return new IntVector(sum, chunkElements);
  }

  public boolean hasElements(IntVector other) {
    return Arrays.equals(elements, other.elements);
  }
}
