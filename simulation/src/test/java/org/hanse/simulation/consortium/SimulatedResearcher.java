package org.hanse.simulation.consortium;

import java.io.IOException;
import java.time.Duration;
import org.hanse.coordinator.engine.JobInput;
import org.hanse.simulation.world.World;

/**
 * Looks at the job now and then: resumes it when it stands still, and may pause it on purpose
 * before.
 */
final class SimulatedResearcher {
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final World world;
  private final Charter charter;
  private final SimulatedCoordinator coordinator;
  private final int pauses;

  /**
   * @param pauses that it orders, at moments of the world's choice
   */
  SimulatedResearcher(World world, Charter charter, SimulatedCoordinator coordinator, int pauses) {
    this.world = world;
    this.charter = charter;
    this.coordinator = coordinator;
    this.pauses = pauses;
  }

  void start() {
    world.after(LOOK, this::look);
    for (int i = 0; i < pauses; i++) {
      world.after(
          Duration.ofMillis(world.random().nextInt(40_000)),
          () -> coordinator.order(JobInput.Command.PAUSE));
    }
  }

  private void look() {
    try {
      boolean paused =
          coordinator.store().job(charter.id()).filter(job -> job.standing().paused()).isPresent();
      if (paused) {
        coordinator.order(JobInput.Command.RESUME);
      }
    } catch (IOException e) {
      world.note("the researcher sees no job");
    }
    world.after(LOOK, this::look);
  }
}
