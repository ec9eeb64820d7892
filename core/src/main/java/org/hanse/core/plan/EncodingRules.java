package org.hanse.core.plan;

/**
 * How an update becomes ring elements. Q, S and every bound follow from these and N alone.
 *
 * @param clipNormL2 C, the update's largest L2 norm, 1e-30 to 1e30
 * @param clipMaxAbs Cinf, the largest absolute coordinate, 1e-30 to C
 * @param maxWeight Omega, the largest weight of a site, 1 to 2^20 and at most Q
 * @param examplesPerWeightUnit examples that make one unit of weight, at least 1
 */
public record EncodingRules(
    double clipNormL2, double clipMaxAbs, int maxWeight, long examplesPerWeightUnit) {
  /** In the ring of 2^32 below Q for any number of members. */
  public static final int MAX_WEIGHT = 1 << 20;

  public EncodingRules {
    Limits.scale("clip norm", clipNormL2);
    Limits.scale("largest coordinate", clipMaxAbs);
    if (clipMaxAbs > clipNormL2) {
      throw new IllegalArgumentException(
          "largest coordinate " + clipMaxAbs + " exceeds the clip norm " + clipNormL2);
    }
    Limits.inRange("largest weight", maxWeight, 1, MAX_WEIGHT);
    Limits.inRange(
        "examples per weight unit", examplesPerWeightUnit, 1, Limits.MAX_EXAMPLES_PER_WEIGHT_UNIT);
  }

  /** Fewer ring steps on either side of zero would lose too much to rounding. */
  public static final int MIN_RING_BOUND = 511;

  /**
   * The most members whose sums a ring can hold: 64 in the ring of 2^16, more than any job has in
   * that of 2^32.
   */
  public static int maxMembers(Ring ring) {
    return ring.maxSigned() / MIN_RING_BOUND;
  }

  /** Q = floor((2^(bits-1)-1)/N), the largest absolute ring value of one site. */
  public static int ringBound(Ring ring, int memberCount) {
    return ring.maxSigned() / memberCount;
  }

  /** The largest weight that a site may have in such a cohort: a sum of weights must not wrap. */
  public static int maxWeight(Ring ring, int memberCount) {
    return Math.min(MAX_WEIGHT, ringBound(ring, memberCount));
  }

  /**
   * Refuses a cohort too large for the ring, and weights too large for both.
   *
   * @throws IllegalArgumentException if an honest sum could wrap, or Q is below {@link
   *     #MIN_RING_BOUND}
   */
  public void requireFit(Ring ring, int memberCount) {
    if (memberCount > maxMembers(ring)) {
      throw new IllegalArgumentException(
          "the ring of 2^"
              + ring.bits()
              + " holds sums of at most "
              + maxMembers(ring)
              + " members, not "
              + memberCount);
    }
    Limits.inRange("largest weight", maxWeight, 1, maxWeight(ring, memberCount));
  }
}
