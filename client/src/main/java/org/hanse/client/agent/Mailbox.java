package org.hanse.client.agent;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.hanse.wire.value.Work;
import org.jspecify.annotations.Nullable;

/**
 * The newest work item of one job. An item that nobody took yet gives way to a newer one: whatever
 * the newer one says follows from where the job stands now. Thread-safe.
 */
final class Mailbox {
  /** Longer waits are several. */
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Threads threads;
  private @Nullable Item newest;

  Mailbox(Threads threads) {
    this.threads = threads;
  }

  /**
   * An item and when it came, by the threads' clock: its time runs from then on, also while it
   * waits here.
   */
  record Item(Work work, long arrivedNanos, LongSupplier nanoTime) {
    Patience within(long seconds) {
      return new Patience(
          nanoTime, arrivedNanos + Duration.ofSeconds(seconds).toNanos(), () -> false);
    }
  }

  void put(Work work) {
    lock.lock();
    try {
      newest = new Item(work, threads.nanoTime(), threads::nanoTime);
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The item, which is then gone; empty if none came in time. */
  Optional<Item> take(Duration atMost) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Duration left = atMost;
      long start = threads.nanoTime();
      while (newest == null && left.isPositive()) {
        threads.await(lock, arrived, left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT);
        left = atMost.minusNanos(threads.nanoTime() - start);
      }
      Optional<Item> taken = Optional.ofNullable(newest);
      newest = null;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return newest == null;
    } finally {
      lock.unlock();
    }
  }
}
