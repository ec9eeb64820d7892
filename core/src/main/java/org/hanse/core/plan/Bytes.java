package org.hanse.core.plan;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable run of public bytes with value equality and unsigned lexicographic order. Never
 * holds a secret: comparison is not constant-time and {@link #toString} prints the content.
 */
public final class Bytes implements Comparable<Bytes> {
  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /** Copies {@code content}; length 0 is allowed. */
  public static Bytes of(byte... content) {
    return new Bytes(content.clone());
  }

  /**
   * Parses an even number of hexadecimal digits, either case.
   *
   * @throws IllegalArgumentException if {@code hex} is not hexadecimal
   */
  public static Bytes fromHex(String hex) {
    return new Bytes(HexFormat.of().parseHex(hex));
  }

  /** Number of bytes, from 0. */
  public int size() {
    return content.length;
  }

  /** The byte at {@code index}, 0 to {@code size() - 1}. */
  public byte at(int index) {
    return content[index];
  }

  /** A copy the caller owns. */
  public byte[] toByteArray() {
    return content.clone();
  }

  /** Lower-case hexadecimal, two digits a byte. */
  public String toHex() {
    return HexFormat.of().formatHex(content);
  }

  /**
   * A copy of this value that is exactly {@code sizeBytes} long, or an error naming {@code what}.
   */
  static Bytes ofSize(String what, int sizeBytes, Bytes value) {
    if (value.size() != sizeBytes) {
      throw new IllegalArgumentException(
          what + " must have " + sizeBytes + " bytes, not " + value.size());
    }
    return value;
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(content, other.content);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return toHex();
  }
}
