package org.hanse.core.plan;

/**
 * Who may be summed: all limits are functions of these fixed numbers, never of the roster that a
 * coordinator chose.
 *
 * @param memberCount N, the members in the manifest
 * @param colludingSites c, how many sites may collude with the coordinator, 0 to {@link
 *     #defaultColludingSites}
 * @param quorum rho, least share of members in a round, above 0.5 up to 1
 * @param minimumSites the manifest's own floor of counted sites, 2 to N
 */
public record CohortRules(int memberCount, int colludingSites, double quorum, int minimumSites) {
  public CohortRules {
    Limits.inRange("members", memberCount, 2, Limits.MAX_MEMBERS);
    Limits.inRange("colluding sites", colludingSites, 0, defaultColludingSites(memberCount));
    if (!(quorum > 0.5 && quorum <= 1)) {
      throw new IllegalArgumentException("quorum must be above 0.5 and at most 1, not " + quorum);
    }
    Limits.inRange("minimum sites", minimumSites, 2, memberCount);
  }

  /**
   * The default c, which is also the largest: floor((N-1)/3), and 0 for three members, of whom c +
   * 3 could never be counted.
   */
  public static int defaultColludingSites(int memberCount) {
    return memberCount <= 3 ? 0 : (memberCount - 1) / 3;
  }

  /** t = floor((N+c)/2)+1: shares needed to reconstruct and signatures needed to release. */
  public int threshold() {
    return (memberCount + colludingSites) / 2 + 1;
  }

  /**
   * n_min: least number of sites whose updates may be summed. Two members only ever by explicit
   * opt-in of the manifest's floor, since each could subtract its own update.
   */
  public int minimumSurvivors() {
    if (memberCount == 2) {
      return 2;
    }
    return Math.max(Math.max(3, threshold()), Math.max(colludingSites + 3, minimumSites));
  }

  /** Least size of a roster: max(n_min, ceil(rho * N)). */
  public int minimumRoster() {
    return Math.max(minimumSurvivors(), (int) Math.ceil(quorum * memberCount - 1e-9));
  }
}
