package org.hanse.simulation.consortium;

import java.util.ArrayList;
import java.util.List;
import org.hanse.core.plan.SiteId;
import org.hanse.simulation.link.grpc.Front;
import org.hanse.simulation.world.World;

/** A coordinator and its sites in one world. */
public final class Consortium {
  private final World world;
  private final Charter charter;
  private final Front front;
  private final SimulatedCoordinator coordinator;
  private final SimulatedResearcher researcher;
  private final List<SimulatedSite> sites = new ArrayList<>();

  /**
   * @param pauses of the job that its researcher orders
   */
  public Consortium(World world, Charter charter, Facts facts, int pauses) {
    this.world = world;
    this.charter = charter;
    this.front = new Front();
    this.coordinator = new SimulatedCoordinator(world, charter, front, facts);
    this.researcher = new SimulatedResearcher(world, charter, coordinator, pauses);
    for (SiteId id : charter.sites()) {
      sites.add(new SimulatedSite(world, charter, id, front, facts));
    }
  }

  public void start() {
    coordinator.start();
    sites.forEach(SimulatedSite::start);
    researcher.start();
  }

  public World world() {
    return world;
  }

  public Charter charter() {
    return charter;
  }

  /** Where the coordinator listens. */
  public Front front() {
    return front;
  }

  public SimulatedCoordinator coordinator() {
    return coordinator;
  }

  public List<SimulatedSite> sites() {
    return sites;
  }
}
