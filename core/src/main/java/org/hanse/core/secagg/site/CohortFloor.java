package org.hanse.core.secagg.site;

import java.util.Collection;
import java.util.Set;
import org.hanse.core.plan.Fingerprint;

/**
 * Whom a site is willing to be summed with, by its own policy: asked of the roster and again of the
 * survivors, whatever the manifest allows.
 *
 * @param minimumSites least number of sites, this one included, at least 2
 * @param requiredPeers sites that must be among them
 */
public record CohortFloor(int minimumSites, Set<Fingerprint> requiredPeers) {
  public CohortFloor {
    requiredPeers = Set.copyOf(requiredPeers);
    if (minimumSites < 2) {
      throw new IllegalArgumentException("a floor of " + minimumSites + " sites protects nobody");
    }
  }

  /** Whether {@code sites} are enough and hold every required peer. */
  public boolean allows(Collection<Fingerprint> sites) {
    return sites.size() >= minimumSites && sites.containsAll(requiredPeers);
  }
}
