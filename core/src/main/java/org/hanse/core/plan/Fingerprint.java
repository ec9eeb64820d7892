package org.hanse.core.plan;

/**
 * Names a member: SHA-256 over the DER SubjectPublicKeyInfo of its secure-aggregation signing key.
 * Ordered as unsigned bytes; the order decides rosters and mask signs.
 */
public record Fingerprint(Bytes bytes) implements Comparable<Fingerprint> {
  /** Size of a SHA-256 value. */
  public static final int SIZE_BYTES = 32;

  public Fingerprint {
    Bytes.ofSize("fingerprint", SIZE_BYTES, bytes);
  }

  /** Copies 32 bytes. */
  public static Fingerprint of(byte[] bytes) {
    return new Fingerprint(Bytes.of(bytes));
  }

  /** Parses 64 hexadecimal digits. */
  public static Fingerprint fromHex(String hex) {
    return new Fingerprint(Bytes.fromHex(hex));
  }

  /** 64 lower-case hexadecimal digits. */
  public String toHex() {
    return bytes.toHex();
  }

  @Override
  public int compareTo(Fingerprint other) {
    return bytes.compareTo(other.bytes);
  }

  @Override
  public String toString() {
    return toHex();
  }
}
