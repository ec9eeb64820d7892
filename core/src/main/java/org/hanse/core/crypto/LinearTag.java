package org.hanse.core.crypto;

import java.util.Arrays;

/**
 * The keyed linear function by which sites recognise their own sum: a dot product modulo 2^61-1.
 */
public final class LinearTag {
  private LinearTag() {}

  /**
   * The sum of {@code key word (firstElement + i) * elements[i]} modulo 2^61-1: one chunk's part of
   * the dot product.
   *
   * @param key read as 61-bit words
   * @param elements as signed integers
   */
  public static long dot(MaskStream key, int[] elements, long firstElement) {
    long[] sum = {0};
    int[] values = new int[Math.min(MaskStream.TILE_WORDS, elements.length)]; // as the tiles are
    key.forEachTile61(
        firstElement,
        elements.length,
        (start, words, count) -> {
          System.arraycopy(elements, start, values, 0, count);
          Arrays.fill(values, count, values.length, 0);
          sum[0] = Mersenne61.add(sum[0], Mersenne61.dot(words, values));
        });
    Arrays.fill(values, 0);
    return sum[0];
  }
}
