package org.hanse.core.shamir;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.math.ec.rfc7748.X25519Field;
import org.hanse.core.crypto.SecretBytes;

/**
 * Lagrange interpolation at zero for one set of abscissas, its coefficients computed once for every
 * secret that the same holders share. Immutable.
 */
public final class Interpolation {
  private final int[][] coefficients;

  private Interpolation(int[][] coefficients) {
    this.coefficients = coefficients;
  }

  /**
   * Prepares for shares at these abscissas, in this order.
   *
   * @throws IllegalArgumentException if there is none, or one occurs twice or is out of range
   */
  public static Interpolation at(List<Integer> abscissas) {
    if (abscissas.isEmpty()) {
      throw new IllegalArgumentException("no abscissas");
    }
    Set<Integer> distinct = new HashSet<>();
    for (int abscissa : abscissas) {
      if (abscissa < 1 || abscissa > ShamirSharing.MAX_SHARES || !distinct.add(abscissa)) {
        throw new IllegalArgumentException("bad or repeated abscissa " + abscissa);
      }
    }
    int[][] coefficients = new int[abscissas.size()][];
    for (int j = 0; j < coefficients.length; j++) {
      coefficients[j] = coefficientAtZero(abscissas, j);
    }
    return new Interpolation(coefficients);
  }

  /**
   * The value at zero of the polynomial through these shares: the secret, if there are at least
   * threshold many and none is altered. The caller checks it against a commitment.
   *
   * @param shares in the order of the abscissas
   * @throws IllegalArgumentException if there are more or fewer, or one is not below the prime
   */
  public SecretBytes reconstruct(List<SecretBytes> shares) {
    if (shares.size() != coefficients.length) {
      throw new IllegalArgumentException(
          shares.size() + " shares for " + coefficients.length + " abscissas");
    }
    int[] sum = X25519Field.create();
    int[] term = X25519Field.create();
    for (int j = 0; j < coefficients.length; j++) {
      if (!ShamirSharing.isElement(shares.get(j))) {
        throw new IllegalArgumentException("share " + j + " is not 32 bytes below the prime");
      }
      int[] share = ShamirSharing.decode(shares.get(j));
      X25519Field.mul(coefficients[j], share, term);
      X25519Field.add(sum, term, sum);
      X25519Field.carry(sum);
      Arrays.fill(share, 0);
    }
    Arrays.fill(term, 0);
    return ShamirSharing.encode(sum);
  }

  /** The product of x_m / (x_m - x_j) over all m but j. */
  private static int[] coefficientAtZero(List<Integer> abscissas, int j) {
    int[] numerator = X25519Field.create();
    int[] denominator = X25519Field.create();
    X25519Field.one(numerator);
    X25519Field.one(denominator);
    for (int m = 0; m < abscissas.size(); m++) {
      if (m != j) {
        X25519Field.mul(numerator, abscissas.get(m), numerator);
        X25519Field.mul(denominator, abscissas.get(m) - abscissas.get(j), denominator);
      }
    }
    int[] inverse = X25519Field.create();
    X25519Field.inv(denominator, inverse);
    X25519Field.mul(numerator, inverse, numerator);
    return numerator;
  }
}
