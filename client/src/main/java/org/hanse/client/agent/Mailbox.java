package org.hanse.client.agent;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.hanse.wire.value.Work;
import org.jspecify.annotations.Nullable;

/**
 * The newest work item of one job. An item that nobody took yet gives way to a newer one: whatever
 * the newer one says follows from where the job stands now. Thread-safe.
 */
final class Mailbox {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private @Nullable Item newest;

  /**
   * An item and when it came, by {@link System#nanoTime}: its time runs from then on, also while it
   * waits here.
   */
  record Item(Work work, long arrivedNanos) {
    Patience within(long seconds) {
      return new Patience(arrivedNanos + Duration.ofSeconds(seconds).toNanos(), () -> false);
    }
  }

  void put(Work work) {
    lock.lock();
    try {
      newest = new Item(work, System.nanoTime());
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The item, which is then gone; empty if none came in time. */
  Optional<Item> take(Duration atMost) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long leftNanos = atMost.toNanos();
      while (newest == null && leftNanos > 0) {
        leftNanos = arrived.awaitNanos(Math.min(leftNanos, TimeUnit.HOURS.toNanos(1)));
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
