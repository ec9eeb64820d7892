package org.hanse.core.plan;

/** A SHA-256 value: 32 bytes. */
public record Hash(Bytes bytes) {
  /** Size of a SHA-256 value. */
  public static final int SIZE_BYTES = 32;

  public Hash {
    Bytes.ofSize("hash", SIZE_BYTES, bytes);
  }

  /** Copies 32 bytes. */
  public static Hash of(byte[] bytes) {
    return new Hash(Bytes.of(bytes));
  }

  /** Parses 64 hexadecimal digits. */
  public static Hash fromHex(String hex) {
    return new Hash(Bytes.fromHex(hex));
  }

  /** 64 lower-case hexadecimal digits. */
  public String toHex() {
    return bytes.toHex();
  }

  @Override
  public String toString() {
    return toHex();
  }
}
