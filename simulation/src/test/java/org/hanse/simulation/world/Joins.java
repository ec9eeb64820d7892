package org.hanse.simulation.world;

import java.time.Duration;

/** Waits for threads' ends by looking now and again. */
final class Joins {
  private static final Duration LOOK = Duration.ofMillis(20);

  private Joins() {}

  static boolean join(SimulatedProcess process, Thread thread, Duration atMost)
      throws InterruptedException {
    long end = process.world().nanos() + atMost.toNanos();
    while (thread.isAlive()) {
      if (process.world().nanos() >= end) {
        return false;
      }
      process.sleep(LOOK);
    }
    return true;
  }
}
