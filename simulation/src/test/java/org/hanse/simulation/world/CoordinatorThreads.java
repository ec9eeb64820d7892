package org.hanse.simulation.world;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.hanse.coordinator.engine.Threads;
import org.hanse.coordinator.engine.Timers;

/**
 * A coordinator's threads and timers in the world.
 *
 * @param clock by which its timers go
 */
public record CoordinatorThreads(
    SimulatedProcess process, InstantSource clock, ExecutorService workers)
    implements Threads, Timers {

  /** Its workers are threads of the process. */
  public static CoordinatorThreads of(SimulatedProcess process, InstantSource clock) {
    return new CoordinatorThreads(
        process,
        clock,
        Executors.newThreadPerTaskExecutor(task -> process.unstarted("worker", task)));
  }

  @Override
  public Thread start(String name, Runnable task) {
    return process.start(name, task);
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    process.sleep(time);
  }

  @Override
  public boolean join(Thread thread, Duration atMost) throws InterruptedException {
    return Joins.join(process, thread, atMost);
  }

  @Override
  public Alarm schedule(Instant time, Runnable task) {
    World.Alarm alarm = process.after(Duration.between(clock.instant(), time), task);
    return alarm::cancel;
  }
}
