package org.hanse.core.secagg;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.hanse.core.plan.Limits;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.IntChunks;
import org.hanse.core.vector.LittleEndian;

/** A vector of ring elements that is held whole; of four bytes each unless said otherwise. */
public final class IntVector implements IntChunks {
  private final int[] elements;
  private final Chunking chunking;

  /** Keeps the array. */
  public IntVector(int[] elements, int chunkElements) {
    this(elements, new Chunking(Math.max(1, elements.length), chunkElements));
  }

  public IntVector(int... elements) {
    this(elements, Limits.CHUNK_ELEMENTS);
  }

  /** Keeps the array. */
  public IntVector(int[] elements, Chunking chunking) {
    this.elements = elements;
    this.chunking = chunking;
  }

  public static IntVector copyOf(IntChunks chunks) {
    int[] elements = new int[Math.toIntExact(chunks.chunking().lengthElements())];
    for (long chunk = 0; chunk < chunks.chunking().chunkCount(); chunk++) {
      int[] part = chunks.read(chunk);
      int first = (int) chunks.chunking().firstElement(chunk);
      System.arraycopy(part, 0, elements, first, part.length);
    }
    return new IntVector(elements, chunks.chunking());
  }

  @Override
  public Chunking chunking() {
    return chunking;
  }

  @Override
  public int[] read(long chunk) {
    int first = (int) chunking.firstElement(chunk);
    return Arrays.copyOfRange(elements, first, first + chunking.elementsIn(chunk));
  }

  /** A chunk as it is sent and stored. */
  public byte[] chunkBytes(long chunk) {
    return LittleEndian.bytes(read(chunk), chunking.elementBytes());
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
    return new IntVector(changed, chunking);
  }

  /** A copy with every element changed. */
  public IntVector map(IntUnaryOperator change) {
    return new IntVector(Arrays.stream(elements).map(change).toArray(), chunking);
  }

  /** The elementwise sum in the ring, as signed elements. */
  public IntVector plus(IntVector other) {
    int[] sum = elements.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other.elements[i];
    }
    int elementBytes = chunking.elementBytes();
    return new IntVector(
        LittleEndian.elements(LittleEndian.bytes(sum, elementBytes), elementBytes), chunking);
  }

  public boolean hasElements(IntVector other) {
    return Arrays.equals(elements, other.elements);
  }
}
