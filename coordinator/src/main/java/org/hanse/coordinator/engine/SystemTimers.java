package org.hanse.coordinator.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One thread that waits. */
public final class SystemTimers implements Timers, AutoCloseable {
  private final InstantSource clock;
  private final ScheduledThreadPoolExecutor executor;

  public SystemTimers(InstantSource clock) {
    this.clock = clock;
    this.executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("timers").daemon(true).factory());
    executor.setRemoveOnCancelPolicy(true);
  }

  @Override
  public Alarm schedule(Instant time, Runnable task) {
    long nanos = Math.max(0, Duration.between(clock.instant(), time).toNanos());
    ScheduledFuture<?> scheduled = executor.schedule(task, nanos, TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
