package org.hanse.core.crypto;

/**
 * Arithmetic modulo the prime p = 2^61-1. Elements are {@code long}s from 0 to p-1. Not
 * constant-time in the last conditional subtraction.
 */
public final class Mersenne61 {
  /** p = 2^61-1. */
  public static final long PRIME = (1L << 61) - 1;

  private static final int LIMB_BITS = 31;
  private static final long LIMB_MASK = (1L << LIMB_BITS) - 1;
  private static final long LOW_HALF = 0xffff_ffffL;

  private Mersenne61() {}

  /** Whether {@code value} is from 0 to p-1. */
  public static boolean isElement(long value) {
    return value >= 0 && value < PRIME;
  }

  /** The low 61 bits as an element; p itself counts as 0. */
  public static long fromBits(long bits) {
    long low = bits & PRIME;
    return low == PRIME ? 0 : low;
  }

  /** Any signed number modulo p. */
  public static long reduce(long value) {
    // value = high * 2^61 + low with a signed high of -4 to 3, and 2^61 = 1.
    long folded = (value & PRIME) + (value >> 61);
    if (folded < 0) {
      return folded + PRIME;
    }
    return folded >= PRIME ? folded - PRIME : folded;
  }

  /**
   * {@code a + b} modulo p, from 0 to p-1.
   *
   * @param a an element
   * @param b an element
   */
  public static long add(long a, long b) {
    return reduce(a + b);
  }

  /**
   * {@code a - b} modulo p, from 0 to p-1.
   *
   * @param a an element
   * @param b an element
   */
  public static long subtract(long a, long b) {
    return reduce(a - b);
  }

  /**
   * {@code a * b} modulo p, from 0 to p-1.
   *
   * @param a an element
   * @param b an element
   */
  public static long multiply(long a, long b) {
    // The product has 122 bits: high * 2^64 + low = (high * 8 + low's top three bits) * 2^61 +
    // rest.
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    return reduce((low & PRIME) + ((high << 3) | (low >>> 61)));
  }

  /**
   * The sum of {@code words[i] * values[i]} modulo p.
   *
   * @param words elements
   * @param values signed; as many as words, at most 2^31-1
   */
  public static long dot(long[] words, int[] values) {
    if (words.length != values.length) {
      throw new IllegalArgumentException(words.length + " words for " + values.length + " values");
    }
    // A word is high * 2^31 + low. Each partial product stays below 2^62; its halves are summed
    // apart, below 2^63 for up to 2^31 terms, and reduced once at the end.
    long lowLow = 0;
    long lowHigh = 0;
    long highLow = 0;
    long highHigh = 0;
    for (int i = 0; i < words.length; i++) {
      long value = values[i];
      long low = (words[i] & LIMB_MASK) * value;
      long high = (words[i] >>> LIMB_BITS) * value;
      lowLow += low & LOW_HALF;
      lowHigh += low >> 32;
      highLow += high & LOW_HALF;
      highHigh += high >> 32;
    }
    long lowSum = join(lowHigh, lowLow);
    long highSum = join(highHigh, highLow);
    return add(lowSum, multiply(highSum, 1L << LIMB_BITS));
  }

  private static long join(long high, long low) {
    return add(multiply(reduce(high), 1L << 32), reduce(low));
  }
}
