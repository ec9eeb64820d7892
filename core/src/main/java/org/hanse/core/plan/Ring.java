package org.hanse.core.plan;

import java.util.Arrays;
import java.util.Optional;

/** Where vectors are added: the integers modulo a power of two, read as signed. */
public enum Ring {
  /** Modulo 2^32: four bytes an element. */
  Z32(Integer.SIZE),
  /** Modulo 2^16: half the bytes, for thin links; updates are rotated before they are rounded. */
  Z16(Short.SIZE);

  private final int bits;

  Ring(int bits) {
    this.bits = bits;
  }

  /** The ring whose elements have so many bits; empty if there is none. */
  public static Optional<Ring> ofBits(long bits) {
    return Arrays.stream(values()).filter(ring -> ring.bits == bits).findFirst();
  }

  /** Bits of an element. */
  public int bits() {
    return bits;
  }

  /** Bytes of an element as it is masked, sent and stored. */
  public int elementBytes() {
    return bits / Byte.SIZE;
  }

  /** 2^(bits-1) - 1: the largest sum that is read as itself. */
  public int maxSigned() {
    return (int) ((1L << (bits - 1)) - 1);
  }
}
