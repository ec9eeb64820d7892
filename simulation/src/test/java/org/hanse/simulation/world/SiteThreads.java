package org.hanse.simulation.world;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.hanse.client.agent.Threads;

/**
 * A site's threads in the world.
 *
 * @param machineTime what its machine's clock shows
 */
public record SiteThreads(SimulatedProcess process, MachineTime machineTime) implements Threads {
  @Override
  public Instant instant() {
    return machineTime.instant();
  }

  @Override
  public long nanoTime() {
    return process.world().nanos();
  }

  @Override
  public Thread start(String name, Runnable task) {
    return process.start(name, task);
  }

  @Override
  public Thread engine(String name, Runnable task) {
    return process.unstarted(name, task);
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    process.sleep(time);
  }

  @Override
  @SuppressWarnings("WaitNotInLoop") // the caller's loop
  public void await(ReentrantLock lock, Condition changed, Duration atMost)
      throws InterruptedException {
    World.Alarm alarm =
        process.after(
            atMost,
            () -> {
              lock.lock();
              try {
                changed.signalAll();
              } finally {
                lock.unlock();
              }
            });
    try {
      changed.await();
    } finally {
      alarm.cancel();
    }
  }

  @Override
  public boolean await(CompletableFuture<?> future, Duration atMost) throws InterruptedException {
    return future.isDone() || process.await(future, atMost);
  }

  @Override
  public boolean join(Thread thread, Duration atMost) throws InterruptedException {
    return Joins.join(process, thread, atMost);
  }
}
