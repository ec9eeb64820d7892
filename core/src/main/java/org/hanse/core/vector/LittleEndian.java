package org.hanse.core.vector;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Ring elements as they are hashed, sent and stored. */
public final class LittleEndian {
  private LittleEndian() {}

  /** A new array of four bytes an element, least significant first. */
  public static byte[] bytes(int[] elements) {
    byte[] bytes = new byte[elements.length * Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(elements);
    return bytes;
  }
}
