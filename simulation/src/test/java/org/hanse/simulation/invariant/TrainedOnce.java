package org.hanse.simulation.invariant;

import java.util.HashSet;
import java.util.Set;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.simulation.consortium.Facts;
import org.hanse.simulation.world.World;

/** What is saved is not trained again, whoever restarts, as long as the disk is good. */
final class TrainedOnce implements Facts {
  private final World world;
  private final Set<Saved> saved = new HashSet<>();
  private final Set<SiteId> damaged = new HashSet<>();

  private record Saved(SiteId site, RoundId round) {}

  TrainedOnce(World world) {
    this.world = world;
  }

  @Override
  public void training(SiteId site, RoundId round) {
    if (saved.contains(new Saved(site, round)) && !damaged.contains(site)) {
      world.fail("nothing is trained twice", site + " trains again in " + round, null);
    }
  }

  @Override
  public void trained(SiteId site, RoundId round) {
    saved.add(new Saved(site, round));
  }

  @Override
  public void damaged(SiteId site) {
    damaged.add(site);
  }
}
