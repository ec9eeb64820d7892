package org.hanse.client.audit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Elements as they are hashed and stored. */
final class LittleEndian {
  private LittleEndian() {}

  static byte[] bytes(int[] elements) {
    byte[] bytes = new byte[elements.length * Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(elements);
    return bytes;
  }
}
