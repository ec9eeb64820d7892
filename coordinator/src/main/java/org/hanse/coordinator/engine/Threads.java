package org.hanse.coordinator.engine;

import java.time.Duration;
import java.util.concurrent.ExecutorService;

/** The coordinator's threads: a simulation puts its own in their place. Thread-safe. */
public interface Threads {

  /** Starts a thread that mostly waits. */
  Thread start(String name, Runnable task);

  void sleep(Duration time) throws InterruptedException;

  /** Waits for a thread's end; false if it has not ended in time. */
  boolean join(Thread thread, Duration atMost) throws InterruptedException;

  /** Threads that compute, as many as there are processors. */
  ExecutorService workers();
}
