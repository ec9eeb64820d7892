package org.hanse.core.shamir;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.math.ec.rfc7748.X25519Field;
import org.hanse.core.crypto.Field25519;
import org.hanse.core.crypto.SecretBytes;

/**
 * Shamir's secret sharing (1979) over the field of 2^255-19: any {@code threshold} shares give the
 * secret by {@link Interpolation}, fewer tell nothing. Secrets and shares are 32 bytes,
 * little-endian, below the prime.
 */
public final class ShamirSharing {
  /** Far above any cohort, far below where int arithmetic on abscissas could overflow. */
  public static final int MAX_SHARES = 1 << 16;

  /**
   * How many shares there are, and how many of them give the secret.
   *
   * @param threshold 2 to {@code shareCount}
   * @param shareCount at most {@link #MAX_SHARES}
   */
  public record Scheme(int threshold, int shareCount) {
    public Scheme {
      if (threshold < 2 || threshold > shareCount || shareCount > MAX_SHARES) {
        throw new IllegalArgumentException("cannot share " + threshold + " of " + shareCount);
      }
    }
  }

  private ShamirSharing() {}

  /** Whether these bytes can be a secret or a share: 32 of them, below the prime. */
  public static boolean isElement(SecretBytes value) {
    return Field25519.isCanonical(value);
  }

  /**
   * Deals shares on a polynomial whose degree is the number of coefficients: one below the
   * threshold.
   *
   * @param secret 32 bytes below the prime
   * @param coefficients {@code threshold - 1} uniform 32-byte values of x^1, x^2, ...; the top bit
   *     is ignored and the rest reduced, a bias of 2^-250
   * @return shares for abscissas 1 to {@code shareCount}, in order
   * @throws IllegalArgumentException if there are more or fewer coefficients, or the secret is not
   *     below the prime
   */
  public static List<Share> split(
      SecretBytes secret, Scheme scheme, List<SecretBytes> coefficients) {
    if (coefficients.size() != scheme.threshold() - 1) {
      throw new IllegalArgumentException(
          coefficients.size() + " coefficients for threshold " + scheme.threshold());
    }
    if (!isElement(secret)) {
      throw new IllegalArgumentException("secret is not 32 bytes below the prime");
    }
    int[][] polynomial = new int[scheme.threshold()][];
    polynomial[0] = decode(secret);
    for (int i = 1; i < scheme.threshold(); i++) {
      polynomial[i] = decode(coefficients.get(i - 1));
    }
    List<Share> shares = new ArrayList<>(scheme.shareCount());
    for (int abscissa = 1; abscissa <= scheme.shareCount(); abscissa++) {
      shares.add(new Share(abscissa, evaluate(polynomial, abscissa)));
    }
    for (int[] coefficient : polynomial) {
      Arrays.fill(coefficient, 0);
    }
    return List.copyOf(shares);
  }

  /** Horner's rule, highest coefficient first. */
  private static SecretBytes evaluate(int[][] polynomial, int abscissa) {
    int[] value = X25519Field.create();
    for (int i = polynomial.length - 1; i >= 0; i--) {
      X25519Field.mul(value, abscissa, value);
      X25519Field.add(value, polynomial[i], value);
      X25519Field.carry(value);
    }
    return encode(value);
  }

  static int[] decode(SecretBytes value) {
    if (value.size() != Field25519.SIZE_BYTES) {
      throw new IllegalArgumentException("field element of " + value.size() + " bytes");
    }
    byte[] littleEndian = value.toByteArray();
    int[] element = X25519Field.create();
    X25519Field.decode255(littleEndian, element);
    Arrays.fill(littleEndian, (byte) 0);
    return element;
  }

  /** Zeroes {@code element}. */
  static SecretBytes encode(int[] element) {
    X25519Field.normalize(element);
    byte[] littleEndian = new byte[Field25519.SIZE_BYTES];
    X25519Field.encode(element, littleEndian);
    Arrays.fill(element, 0);
    return SecretBytes.adopt(littleEndian);
  }
}
