package org.hanse.core.plan;

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
