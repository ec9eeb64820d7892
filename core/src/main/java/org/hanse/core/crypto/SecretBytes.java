package org.hanse.core.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * A secret of fixed length. Copies in and out, compares in constant time, never prints its content,
 * and can be erased. Erasing is best effort: a garbage collector may have moved the array before.
 * Not thread-safe while erased.
 */
public final class SecretBytes implements Erasable {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] content;
  private final boolean[] erased = {false};

  private SecretBytes(byte[] content) {
    this.content = content;
  }

  /** Copies {@code secret}; the caller still owns the array and should zero it. */
  public static SecretBytes copyOf(byte[] secret) {
    return new SecretBytes(secret.clone());
  }

  /** Takes over {@code secret} without a copy; the caller must not use the array again. */
  public static SecretBytes adopt(byte[] secret) {
    return new SecretBytes(secret);
  }

  /** All parts in a row, as a new secret. */
  public static SecretBytes concatenate(Iterable<SecretBytes> parts) {
    int size = 0;
    for (SecretBytes part : parts) {
      size = Math.addExact(size, part.size());
    }
    byte[] joined = new byte[size];
    int offset = 0;
    for (SecretBytes part : parts) {
      System.arraycopy(part.reveal(), 0, joined, offset, part.size());
      offset += part.size();
    }
    return new SecretBytes(joined);
  }

  /** Number of bytes, also after {@link #erase}. */
  public int size() {
    return content.length;
  }

  /** A copy that the caller owns and should zero after use. */
  public byte[] toByteArray() {
    return reveal().clone();
  }

  /** The bytes from {@code from} to before {@code to}, as a new secret. */
  public SecretBytes slice(int from, int to) {
    if (from < 0 || to < from || to > content.length) {
      throw new IllegalArgumentException(
          "no bytes " + from + " to " + to + " of " + content.length);
    }
    return new SecretBytes(Arrays.copyOfRange(reveal(), from, to));
  }

  /** The same content as a secret of its own. */
  public SecretBytes copy() {
    return copyOf(reveal());
  }

  /** The eight bytes from {@code offset} on, little-endian. */
  public long longAt(int offset) {
    return (long) LONGS.get(reveal(), offset);
  }

  /** Zeroes the content. Any later use but this one is an error. */
  @Override
  public void erase() {
    Arrays.fill(content, (byte) 0);
    erased[0] = true;
  }

  /** Whether {@link #erase} was called; every other use of the content is then an error. */
  public boolean isErased() {
    return erased[0];
  }

  /** The content itself: for reading within this package, never kept and never written. */
  byte[] reveal() {
    if (erased[0]) {
      throw new IllegalStateException("secret used after it was erased");
    }
    return content;
  }

  /** Constant-time for secrets of equal size. */
  @Override
  public boolean equals(Object other) {
    return other instanceof SecretBytes secret && MessageDigest.isEqual(reveal(), secret.reveal());
  }

  /** Depends on the size alone, so that it tells nothing. */
  @Override
  public int hashCode() {
    return content.length;
  }

  @Override
  public String toString() {
    return "secret of " + content.length + " bytes";
  }
}
