package org.hanse.simulation.adversary;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.hanse.core.plan.Fingerprint;

/**
 * A run as the invariants see it.
 *
 * @param threshold t
 * @param colluding sites whose keys and secrets the adversary holds
 */
record Run(int threshold, Set<Fingerprint> colluding, List<Happening> happenings) {
  Run {
    colluding = Set.copyOf(colluding);
    happenings = List.copyOf(happenings);
  }

  <H extends Happening> Stream<H> all(Class<H> kind) {
    return happenings.stream().filter(kind::isInstance).map(kind::cast);
  }

  boolean honest(Fingerprint site) {
    return !colluding.contains(site);
  }
}
