package org.hanse.core.plan;

/**
 * How an update becomes ring elements. Q, S and every bound follow from these and N alone.
 *
 * @param clipNormL2 C, the update's largest L2 norm, 1e-30 to 1e30
 * @param clipMaxAbs Cinf, the largest absolute coordinate, 1e-30 to C
 * @param maxWeight Omega, the largest weight of a site, 1 to 2^20
 * @param examplesPerWeightUnit examples that make one unit of weight, at least 1
 */
public record EncodingRules(
    double clipNormL2, double clipMaxAbs, int maxWeight, long examplesPerWeightUnit) {
  /** Below Q for any number of members, so that no summed weight leaves the ring. */
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

  /** Q = floor((2^31-1)/N), the largest absolute ring value of one site. */
  public static int ringBound(int memberCount) {
    return Integer.MAX_VALUE / memberCount;
  }
}
