package org.hanse.simulation.adversary;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.Ring;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.IntChunks;

/** A vector of ring elements, held whole; of the ring of 2^32 unless said otherwise. */
final class RingVector implements IntChunks {
  private final Ring ring;
  private final int[] elements;

  RingVector(int... elements) {
    this(Ring.Z32, elements);
  }

  /** The elements that these integers represent. */
  RingVector(Ring ring, int... representatives) {
    this.ring = ring;
    this.elements = Arrays.stream(representatives).map(value -> signed(ring, value)).toArray();
  }

  private static int signed(Ring ring, int value) {
    return value << (Integer.SIZE - ring.bits()) >> (Integer.SIZE - ring.bits());
  }

  static RingVector copyOf(IntChunks chunks) {
    int[] elements = new int[Math.toIntExact(chunks.chunking().lengthElements())];
    for (long chunk = 0; chunk < chunks.chunking().chunkCount(); chunk++) {
      int[] part = chunks.read(chunk);
      System.arraycopy(part, 0, elements, (int) chunks.chunking().firstElement(chunk), part.length);
    }
    Ring ring = chunks.chunking().elementBytes() == 2 ? Ring.Z16 : Ring.Z32;
    return new RingVector(ring, elements);
  }

  /** The little-endian words of chunks in a row. */
  static RingVector ofBytes(Ring ring, List<byte[]> chunks) {
    int width = ring.elementBytes();
    int sizeBytes = chunks.stream().mapToInt(chunk -> chunk.length).sum();
    int[] elements = new int[sizeBytes / width];
    int at = 0;
    for (byte[] chunk : chunks) {
      for (byte each : chunk) {
        elements[at / width] |= (each & 0xff) << (at % width * Byte.SIZE);
        at++;
      }
    }
    return new RingVector(ring, elements);
  }

  Ring ring() {
    return ring;
  }

  @Override
  public Chunking chunking() {
    return new Chunking(Math.max(1, elements.length), Limits.CHUNK_ELEMENTS, ring.elementBytes());
  }

  @Override
  public int[] read(long chunk) {
    int first = (int) chunking().firstElement(chunk);
    return Arrays.copyOfRange(elements, first, first + chunking().elementsIn(chunk));
  }

  byte[] chunkBytes(long chunk) {
    int[] part = read(chunk);
    int width = ring.elementBytes();
    byte[] bytes = new byte[part.length * width];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (part[i / width] >> (i % width * Byte.SIZE));
    }
    return bytes;
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
    return new RingVector(ring, changed);
  }

  RingVector plus(RingVector other) {
    int[] sum = elements.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other.elements[i];
    }
    return new RingVector(ring, sum);
  }

  RingVector map(IntUnaryOperator change) {
    return new RingVector(ring, Arrays.stream(elements).map(change).toArray());
  }

  /** Every element times {@code factor}, in the ring. */
  RingVector times(int factor) {
    return map(element -> element * factor);
  }

  RingVector minus(RingVector other) {
    return plus(other.times(-1));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RingVector vector
        && ring == vector.ring
        && Arrays.equals(elements, vector.elements);
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
