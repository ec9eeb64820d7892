package org.hanse.core.crypto;

/** Encodings of the field of p = 2^255-19. */
public final class Field25519 {
  /** Size of every encoding. */
  public static final int SIZE_BYTES = 32;

  private Field25519() {}

  /** Whether these are 32 bytes, little-endian, of a number below p. Constant-time in the bytes. */
  public static boolean isCanonical(byte[] littleEndian) {
    if (littleEndian.length != SIZE_BYTES) {
      return false;
    }
    // value + 19 reaches bit 255 exactly if value >= p.
    int carry = 19;
    int top = 0;
    for (byte digit : littleEndian) {
      int sum = (digit & 0xff) + carry;
      carry = sum >>> 8;
      top = sum & 0xff;
    }
    return (carry | (top >>> 7)) == 0;
  }

  /** As {@link #isCanonical(byte[])}. */
  public static boolean isCanonical(SecretBytes littleEndian) {
    return isCanonical(littleEndian.reveal());
  }
}
