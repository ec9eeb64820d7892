package org.hanse.core.vector;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;

/**
 * Ring elements as they are masked, hashed, sent and stored: of two or four bytes, least
 * significant first. Reading extends the sign.
 */
public final class LittleEndian {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private LittleEndian() {}

  /**
   * A new array of {@code elementBytes} for each element: its low bits.
   *
   * @param elementBytes 2 or 4
   */
  public static byte[] bytes(int[] elements, int elementBytes) {
    byte[] bytes = new byte[Math.multiplyExact(elements.length, elementBytes)];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    switch (elementBytes) {
      case Integer.BYTES -> buffer.asIntBuffer().put(elements);
      case Short.BYTES -> {
        short[] low = new short[elements.length];
        for (int i = 0; i < low.length; i++) {
          low[i] = (short) elements[i];
        }
        buffer.asShortBuffer().put(low);
      }
      default -> throw unknown(elementBytes);
    }
    return bytes;
  }

  /**
   * The signed elements of {@link #bytes}, in a new array.
   *
   * @param elementBytes 2 or 4
   * @throws IllegalArgumentException if the bytes are no whole number of elements
   */
  public static int[] elements(byte[] littleEndian, int elementBytes) {
    if (littleEndian.length % elementBytes != 0) {
      throw new IllegalArgumentException(
          littleEndian.length + " bytes are no whole number of elements of " + elementBytes);
    }
    int[] elements = new int[littleEndian.length / elementBytes];
    ByteBuffer buffer = ByteBuffer.wrap(littleEndian).order(ByteOrder.LITTLE_ENDIAN);
    switch (elementBytes) {
      case Integer.BYTES -> buffer.asIntBuffer().get(elements);
      case Short.BYTES -> {
        ShortBuffer shorts = buffer.asShortBuffer();
        for (int i = 0; i < elements.length; i++) {
          elements[i] = shorts.get(i);
        }
      }
      default -> throw unknown(elementBytes);
    }
    return elements;
  }

  /**
   * Adds elements to as many integers, modulo 2^32 whatever the width.
   *
   * @param littleEndian {@code sum.length} elements
   * @param elementBytes 2 or 4
   */
  public static void addTo(int[] sum, byte[] littleEndian, int elementBytes) {
    switch (elementBytes) {
      case Integer.BYTES -> {
        for (int i = 0; i < sum.length; i++) {
          sum[i] += (int) INTS.get(littleEndian, i << 2);
        }
      }
      case Short.BYTES -> {
        for (int i = 0; i < sum.length; i++) {
          sum[i] += (short) SHORTS.get(littleEndian, i << 1);
        }
      }
      default -> throw unknown(elementBytes);
    }
  }

  private static IllegalArgumentException unknown(int elementBytes) {
    return new IllegalArgumentException("no ring has elements of " + elementBytes + " bytes");
  }
}
