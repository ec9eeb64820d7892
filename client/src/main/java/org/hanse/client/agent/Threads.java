package org.hanse.client.agent;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The agent's threads and all that they do with time, so that a simulation can put its own in their
 * place. Thread-safe.
 */
public interface Threads extends InstantSource {

  /** As {@link System#nanoTime}. */
  long nanoTime();

  /** Starts a thread that mostly waits. */
  Thread start(String name, Runnable task);

  /** A thread for native code, not started; it keeps no process alive. */
  Thread engine(String name, Runnable task);

  void sleep(Duration time) throws InterruptedException;

  /**
   * Waits for a signal; may return before, without one.
   *
   * @param changed a condition of {@code lock}, which the caller holds
   */
  void await(ReentrantLock lock, Condition changed, Duration atMost) throws InterruptedException;

  /** Waits until {@code future} is done; false if it is not in time. */
  boolean await(CompletableFuture<?> future, Duration atMost) throws InterruptedException;

  /** Waits for a thread's end; false if it has not ended in time. */
  boolean join(Thread thread, Duration atMost) throws InterruptedException;
}
