package org.hanse.core.secagg;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Uploaded chunks as one vector. */
public final class UploadBytes {
  private UploadBytes() {}

  public static int[] ints(List<byte[]> chunks) {
    byte[] joined = joined(chunks);
    int[] elements = new int[joined.length / Integer.BYTES];
    ByteBuffer.wrap(joined).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(elements);
    return elements;
  }

  public static byte[] joined(List<byte[]> chunks) {
    int sizeBytes = chunks.stream().mapToInt(chunk -> chunk.length).sum();
    ByteBuffer joined = ByteBuffer.allocate(sizeBytes);
    chunks.forEach(joined::put);
    return joined.array();
  }
}
