package org.hanse.core.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Float32 values, little-endian, addressed with {@code long}: on the heap, off it, or mapped from a
 * file. Not thread-safe while written.
 */
public final class FloatVector {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Vectors of up to this many bytes live on the heap. */
  private static final long HEAP_THRESHOLD_BYTES = 64L << 20;

  private final MemorySegment segment;

  private FloatVector(MemorySegment segment) {
    this.segment = segment;
  }

  /** Zeros; off the heap above 64 MiB, released when unreachable. */
  public static FloatVector allocate(long size) {
    long sizeBytes = Math.multiplyExact(size, Float.BYTES);
    return new FloatVector(
        sizeBytes <= HEAP_THRESHOLD_BYTES
            ? MemorySegment.ofArray(new byte[(int) sizeBytes])
            : Arena.ofAuto().allocate(sizeBytes, Float.BYTES));
  }

  /** A vector of a copy of these values. */
  public static FloatVector of(float... values) {
    FloatVector vector = allocate(values.length);
    MemorySegment.copy(values, 0, vector.segment, FLOAT, 0, values.length);
    return vector;
  }

  /**
   * A view, not a copy.
   *
   * @throws IllegalArgumentException if the segment is not a whole number of floats
   */
  public static FloatVector view(MemorySegment littleEndian) {
    if (littleEndian.byteSize() % Float.BYTES != 0) {
      throw new IllegalArgumentException(
          littleEndian.byteSize() + " bytes are no whole number of float32 values");
    }
    return new FloatVector(littleEndian);
  }

  /** Number of values, from 0. */
  public long size() {
    return segment.byteSize() / Float.BYTES;
  }

  /**
   * The value at {@code index}, 0 to {@code size() - 1}.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public float get(long index) {
    return segment.get(FLOAT, index * Float.BYTES);
  }

  /**
   * Overwrites the value at {@code index}, 0 to {@code size() - 1}; any float32, NaN too.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public void set(long index, float value) {
    segment.set(FLOAT, index * Float.BYTES, value);
  }

  /**
   * Copies {@code count} values from {@code firstElement} on to the start of {@code target}; none
   * may be copied from anywhere.
   *
   * @throws IndexOutOfBoundsException if either has fewer
   */
  public void read(long firstElement, float[] target, int count) {
    if (count != 0) {
      MemorySegment.copy(segment, FLOAT, firstElement * Float.BYTES, target, 0, count);
    }
  }

  /**
   * Overwrites {@code count} values from {@code firstElement} on with the start of {@code source};
   * none may be written anywhere.
   *
   * @throws IndexOutOfBoundsException if either has fewer
   */
  public void write(long firstElement, float[] source, int count) {
    if (count != 0) {
      MemorySegment.copy(source, 0, segment, FLOAT, firstElement * Float.BYTES, count);
    }
  }

  /** The little-endian bytes, shared with this vector. */
  public MemorySegment segment() {
    return segment;
  }

  /** A copy of all values; for vectors that fit one array. */
  public float[] toArray() {
    float[] values = new float[Math.toIntExact(size())];
    MemorySegment.copy(segment, FLOAT, 0, values, 0, values.length);
    return values;
  }
}
