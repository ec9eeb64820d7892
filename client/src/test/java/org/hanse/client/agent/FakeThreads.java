package org.hanse.client.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Sleeping takes no time, but is counted as if it did; the rest is the machine's. */
final class FakeThreads implements Threads {
  private final Threads machine = new SystemThreads();
  private final AtomicLong nanos = new AtomicLong();

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(nanos.get());
  }

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  @Override
  public void sleep(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Override
  public Thread start(String name, Runnable task) {
    return machine.start(name, task);
  }

  @Override
  public Thread engine(String name, Runnable task) {
    return machine.engine(name, task);
  }

  @Override
  public void await(ReentrantLock lock, Condition changed, Duration atMost)
      throws InterruptedException {
    machine.await(lock, changed, atMost);
  }

  @Override
  public boolean await(CompletableFuture<?> future, Duration atMost) throws InterruptedException {
    return machine.await(future, atMost);
  }

  @Override
  public boolean join(Thread thread, Duration atMost) throws InterruptedException {
    return machine.join(thread, atMost);
  }
}
