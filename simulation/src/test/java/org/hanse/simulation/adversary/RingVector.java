package org.hanse.simulation.adversary;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.hanse.core.plan.Limits;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.IntChunks;

/** A vector of ring elements, held whole. */
final class RingVector implements IntChunks {
  private final int[] elements;

  RingVector(int... elements) {
    this.elements = elements.clone();
  }

  static RingVector copyOf(IntChunks chunks) {
    int[] elements = new int[Math.toIntExact(chunks.chunking().lengthElements())];
    for (long chunk = 0; chunk < chunks.chunking().chunkCount(); chunk++) {
      int[] part = chunks.read(chunk);
      System.arraycopy(part, 0, elements, (int) chunks.chunking().firstElement(chunk), part.length);
    }
    return new RingVector(elements);
  }

  /** The little-endian words of chunks in a row. */
  static RingVector ofBytes(List<byte[]> chunks) {
    int sizeBytes = chunks.stream().mapToInt(chunk -> chunk.length).sum();
    ByteBuffer joined = ByteBuffer.allocate(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
    chunks.forEach(joined::put);
    int[] elements = new int[sizeBytes / Integer.BYTES];
    joined.flip().asIntBuffer().get(elements);
    return new RingVector(elements);
  }

  @Override
  public Chunking chunking() {
    return new Chunking(elements.length, Limits.CHUNK_ELEMENTS);
  }

  @Override
  public int[] read(long chunk) {
    int first = (int) chunking().firstElement(chunk);
    return Arrays.copyOfRange(elements, first, first + chunking().elementsIn(chunk));
  }

  byte[] chunkBytes(long chunk) {
    int[] part = read(chunk);
    ByteBuffer bytes =
        ByteBuffer.allocate(part.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(part);
    return bytes.array();
  }

  int[] toArray() {
    return elements.clone();
  }

  int size() {
    return elements.length;
  }

  int get(int index) {
    return elements[index];
  }

  RingVector with(int index, int value) {
    int[] changed = elements.clone();
    changed[index] = value;
    return new RingVector(changed);
  }

  RingVector plus(RingVector other) {
    int[] sum = elements.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other.elements[i];
    }
    return new RingVector(sum);
  }

  /** Every element times {@code factor}, modulo 2^32. */
  RingVector times(int factor) {
    return new RingVector(Arrays.stream(elements).map(element -> element * factor).toArray());
  }

  RingVector minus(RingVector other) {
    return plus(other.times(-1));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RingVector vector && Arrays.equals(elements, vector.elements);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(elements);
  }

  @Override
  public String toString() {
    return Arrays.toString(Arrays.copyOf(elements, Math.min(8, elements.length)));
  }
}
