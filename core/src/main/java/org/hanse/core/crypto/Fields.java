package org.hanse.core.crypto;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;

/**
 * A sequence of length-prefixed fields, {@code LP(x) = u32(length) || x}: the unambiguous form of
 * everything that is hashed, signed or used as key derivation context. Integers are big-endian,
 * strings UTF-8. Arrays and segments are kept by reference until the fields are used, so that a
 * large chunk is hashed without a copy; do not change them meanwhile. Not thread-safe.
 */
public final class Fields {
  private final List<ByteBuffer> values = new ArrayList<>();

  /** Appends one byte, 0 to 255. */
  public Fields u8(int value) {
    if (value < 0 || value > 0xff) {
      throw new IllegalArgumentException("no u8: " + value);
    }
    return bytes(new byte[] {(byte) value});
  }

  /** Appends four bytes, 0 to 2^32-1. */
  public Fields u32(long value) {
    if (value < 0 || value > 0xffff_ffffL) {
      throw new IllegalArgumentException("no u32: " + value);
    }
    return bytes(ByteBuffer.allocate(Integer.BYTES).putInt((int) value).array());
  }

  /** Appends eight bytes; the sign bit is an ordinary bit. */
  public Fields u64(long value) {
    return bytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  /** Appends the UTF-8 bytes. */
  public Fields text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Appends the array itself, not a copy. */
  public Fields bytes(byte[] value) {
    values.add(ByteBuffer.wrap(value));
    return this;
  }

  /** Appends the content. */
  public Fields bytes(Bytes value) {
    return bytes(value.toByteArray());
  }

  /**
   * Appends up to 2^31-1 bytes on or off the heap, not a copy.
   *
   * @throws IllegalArgumentException if the segment is longer, or on the heap but not of bytes
   */
  public Fields bytes(MemorySegment value) {
    if (value.byteSize() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("field of " + value.byteSize() + " bytes");
    }
    if (value.heapBase().isPresent() && !(value.heapBase().get() instanceof byte[])) {
      throw new IllegalArgumentException("field is no segment of bytes");
    }
    values.add(value.asByteBuffer().order(ByteOrder.BIG_ENDIAN));
    return this;
  }

  /** Appends the secret itself, not a copy: use the fields before the secret is erased. */
  public Fields secret(SecretBytes value) {
    return bytes(value.reveal());
  }

  /** Appends its 32 bytes. */
  public Fields hash(Hash value) {
    return bytes(value.bytes());
  }

  /** Appends its 32 bytes. */
  public Fields fingerprint(Fingerprint value) {
    return bytes(value.bytes());
  }

  /** All fields, each behind its length, in a new array. */
  public byte[] toByteArray() {
    long size = 0;
    for (ByteBuffer value : values) {
      size += Integer.BYTES + (long) value.remaining();
    }
    ByteBuffer joined = ByteBuffer.allocate(Math.toIntExact(size));
    for (ByteBuffer value : values) {
      joined.putInt(value.remaining()).put(value.duplicate());
    }
    return joined.array();
  }

  /** Feeds the same bytes as {@link #toByteArray} to a digest. */
  void updateInto(MessageDigest digest) {
    byte[] length = new byte[Integer.BYTES];
    for (ByteBuffer value : values) {
      ByteBuffer.wrap(length).putInt(value.remaining());
      digest.update(length);
      digest.update(value.duplicate());
    }
  }
}
