package org.hanse.simulation.invariant;

import java.util.List;
import org.hanse.core.plan.CohortRules;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.FromSite;
import org.hanse.simulation.consortium.Charter;
import org.hanse.simulation.consortium.Facts;
import org.hanse.simulation.world.World;
import org.hanse.wire.value.AttemptMessage;

/**
 * Nothing is released for a sum of fewer sites than the manifest's floor, so none is ever alone.
 */
final class CohortFloor implements Facts {
  private final World world;
  private final Charter charter;
  private final Survivors survivors;

  CohortFloor(World world, Charter charter, Survivors survivors) {
    this.world = world;
    this.charter = charter;
    this.survivors = survivors;
  }

  @Override
  public void sending(SiteId site, AttemptMessage message) {
    if (message.message() instanceof FromSite.Release) {
      // By the protocol's own formula, and not by the code that is under test.
      CohortRules cohort = charter.manifest().aggregation().cohort();
      int majority = (cohort.memberCount() + cohort.colludingSites()) / 2 + 1;
      int floor = Math.max(Math.max(3, majority), cohort.colludingSites() + 3);
      List<Fingerprint> counted = survivors.of(message.attempt()).orElse(List.of());
      if (counted.stream().distinct().count() < floor
          || !counted.contains(charter.fingerprint(site))) {
        world.fail(
            "never below the cohort floor",
            "%s releases in %s for %s".formatted(site, message.attempt(), counted),
            null);
      }
    }
  }
}
