package org.hanse.coordinator.engine;

import java.time.Duration;
import java.util.concurrent.ExecutorService;

/**
 * The machine's own.
 *
 * @param workers the owner's to shut down
 */
public record SystemThreads(ExecutorService workers) implements Threads {
  @Override
  public Thread start(String name, Runnable task) {
    return Thread.ofVirtual().name(name).start(task);
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    Thread.sleep(time);
  }

  @Override
  public boolean join(Thread thread, Duration atMost) throws InterruptedException {
    return thread.join(atMost);
  }
}
