package org.hanse.simulation.adversary;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Ring;

/**
 * The protocol's arithmetic a second time, written from its description to be read and not to be
 * fast: big integers, one block of AES for every word, no code shared with the first.
 */
final class Reference {
  static final BigInteger CURVE_PRIME = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  static final BigInteger TAG_PRIME = BigInteger.TWO.pow(61).subtract(BigInteger.ONE);

  /** How many elements a ring has. */
  static BigInteger order(Ring ring) {
    return BigInteger.TWO.pow(ring == Ring.Z16 ? 16 : 32);
  }

  private static final int SEGMENT_WORDS = 1 << 24;

  private Reference() {}

  // ----- encodings -----

  static byte[] u8(int value) {
    return new byte[] {(byte) value};
  }

  static byte[] u32(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  static byte[] u64(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  static byte[] text(String value) {
    return value.getBytes(UTF_8);
  }

  static byte[] bytes(Fingerprint value) {
    return value.bytes().toByteArray();
  }

  static byte[] bytes(Hash value) {
    return value.bytes().toByteArray();
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }

  /** Each field behind its length. */
  static byte[] prefixed(byte[]... fields) {
    byte[] all = new byte[0];
    for (byte[] field : fields) {
      all = join(all, u32(field.length), field);
    }
    return all;
  }

  // ----- hashes and keys -----

  static byte[] hash(String label, byte[]... fields) {
    return sha256(join(prefixed(text(label)), prefixed(fields)));
  }

  static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (GeneralSecurityException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /** RFC 5869: extract, then one block of expansion. */
  static byte[] derive(byte[] keyMaterial, byte[] salt, String label, byte[]... fields) {
    return deriveRaw(keyMaterial, salt, join(prefixed(text(label)), prefixed(fields)));
  }

  static byte[] deriveRaw(byte[] keyMaterial, byte[] salt, byte[] info) {
    return hmac(hmac(salt, keyMaterial), join(info, u8(1)));
  }

  private static byte[] hmac(byte[] key, byte[] content) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(content);
    } catch (GeneralSecurityException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  // ----- streams -----

  /** Gives the key of a segment. */
  interface SegmentKey {
    byte[] of(long segment);
  }

  /** Little-endian int32 word {@code index} of the encryption of zeros. */
  static int word32(SegmentKey keys, long index) {
    return words(keys, index, 4).getInt();
  }

  /** The ring element that word {@code index} is: little-endian int16 or int32. */
  static BigInteger element(Ring ring, SegmentKey keys, long index) {
    return BigInteger.valueOf(
        ring == Ring.Z16 ? words(keys, index, 2).getShort() : word32(keys, index));
  }

  /** Word {@code index} modulo 2^61-1. */
  static BigInteger word61(SegmentKey keys, long index) {
    return mod61(words(keys, index, 8).getLong());
  }

  static BigInteger mod61(long word) {
    return BigInteger.valueOf(word & (1L << 61) - 1).mod(TAG_PRIME);
  }

  /** The one word of this size, from the block of the counter it lies in. */
  private static ByteBuffer words(SegmentKey keys, long index, int wordBytes) {
    long firstByte = index % SEGMENT_WORDS * wordBytes;
    byte[] counter = ByteBuffer.allocate(16).putLong(8, firstByte / 16).array();
    try {
      Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
      aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(keys.of(index / SEGMENT_WORDS), "AES"));
      byte[] block = aes.doFinal(counter);
      int offset = (int) (firstByte % 16);
      return ByteBuffer.wrap(Arrays.copyOfRange(block, offset, offset + wordBytes))
          .order(ByteOrder.LITTLE_ENDIAN);
    } catch (GeneralSecurityException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  // ----- the curve: RFC 7748, section 5, on big integers -----

  static BigInteger littleEndian(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return new BigInteger(1, reversed);
  }

  static byte[] littleEndian(BigInteger value) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = value.shiftRight(8 * i).byteValue();
    }
    return bytes;
  }

  static byte[] clamped(byte[] scalar) {
    byte[] copy = scalar.clone();
    copy[0] &= (byte) 248;
    copy[31] &= 127;
    copy[31] |= 64;
    return copy;
  }

  static byte[] publicKey(byte[] scalar) {
    return x25519(scalar, littleEndian(BigInteger.valueOf(9)));
  }

  static byte[] x25519(byte[] scalar, byte[] point) {
    BigInteger k = littleEndian(clamped(scalar));
    BigInteger u = littleEndian(point).clearBit(255);
    BigInteger x2 = BigInteger.ONE;
    BigInteger z2 = BigInteger.ZERO;
    BigInteger x3 = u;
    BigInteger z3 = BigInteger.ONE;
    for (int t = 254; t >= 0; t--) {
      boolean swapped = k.testBit(t);
      BigInteger xa = swapped ? x3 : x2;
      BigInteger za = swapped ? z3 : z2;
      BigInteger xb = swapped ? x2 : x3;
      BigInteger zb = swapped ? z2 : z3;
      BigInteger a = xa.add(za);
      BigInteger b = xa.subtract(za);
      BigInteger aa = square(a);
      BigInteger bb = square(b);
      BigInteger e = aa.subtract(bb);
      BigInteger da = xb.subtract(zb).multiply(a);
      BigInteger cb = xb.add(zb).multiply(b);
      BigInteger xSum = square(da.add(cb));
      BigInteger zSum = u.multiply(square(da.subtract(cb))).mod(CURVE_PRIME);
      BigInteger xDouble = aa.multiply(bb).mod(CURVE_PRIME);
      BigInteger zDouble =
          e.multiply(aa.add(BigInteger.valueOf(121_665).multiply(e))).mod(CURVE_PRIME);
      x2 = swapped ? xSum : xDouble;
      z2 = swapped ? zSum : zDouble;
      x3 = swapped ? xDouble : xSum;
      z3 = swapped ? zDouble : zSum;
    }
    BigInteger inverse = z2.modPow(CURVE_PRIME.subtract(BigInteger.TWO), CURVE_PRIME);
    return littleEndian(x2.multiply(inverse).mod(CURVE_PRIME));
  }

  private static BigInteger square(BigInteger value) {
    return value.multiply(value).mod(CURVE_PRIME);
  }

  // ----- Shamir -----

  /** The polynomial at {@code x}, constant term first. */
  static BigInteger evaluate(List<BigInteger> polynomial, int x) {
    BigInteger value = BigInteger.ZERO;
    for (int i = 0; i < polynomial.size(); i++) {
      value = value.add(polynomial.get(i).multiply(BigInteger.valueOf(x).pow(i)));
    }
    return value.mod(CURVE_PRIME);
  }

  /** The value at zero of the polynomial through these points. */
  static BigInteger secretOf(Map<Integer, BigInteger> shares) {
    BigInteger secret = BigInteger.ZERO;
    for (Map.Entry<Integer, BigInteger> share : shares.entrySet()) {
      BigInteger term = share.getValue();
      for (int other : shares.keySet()) {
        if (other != share.getKey()) {
          BigInteger difference = BigInteger.valueOf(other - share.getKey());
          term =
              term.multiply(BigInteger.valueOf(other)).multiply(difference.modInverse(CURVE_PRIME));
        }
      }
      secret = secret.add(term);
    }
    return secret.mod(CURVE_PRIME);
  }
}
