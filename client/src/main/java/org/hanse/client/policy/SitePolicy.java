package org.hanse.client.policy;

import java.util.Set;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;

/**
 * What a site's steward allows; whatever is not allowed here is refused.
 *
 * @param minimumCohort least number of sites whose updates may be summed with this one's, 2 to 256
 * @param maximumClipNorm largest L2 norm of an update that a job may ask for, positive, finite
 * @param requiredPeers sites that must be in every roster and among its survivors
 * @param allowPlainSums whether jobs without secure aggregation may run
 * @param sitOutRounds rounds, from 1, that this site declines
 * @param approvedManifests plan hashes of the manifests the steward has approved
 */
public record SitePolicy(
    int minimumCohort,
    double maximumClipNorm,
    Set<Fingerprint> requiredPeers,
    boolean allowPlainSums,
    Set<Long> sitOutRounds,
    Set<Hash> approvedManifests) {
  public SitePolicy {
    requiredPeers = Set.copyOf(requiredPeers);
    sitOutRounds = Set.copyOf(sitOutRounds);
    approvedManifests = Set.copyOf(approvedManifests);
    if (minimumCohort < 2 || minimumCohort > 256) {
      throw new IllegalArgumentException(
          "minimum cohort must be from 2 to 256, not " + minimumCohort);
    }
    if (!(maximumClipNorm > 0) || Double.isInfinite(maximumClipNorm)) {
      throw new IllegalArgumentException(
          "maximum clip norm must be positive and finite, not " + maximumClipNorm);
    }
  }
}
