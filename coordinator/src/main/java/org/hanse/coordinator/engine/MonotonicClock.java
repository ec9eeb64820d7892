package org.hanse.coordinator.engine;

import java.time.Instant;
import java.time.InstantSource;

/**
 * Starts at the machine's time of day and never goes back, whoever sets the clock: nothing expires
 * or revives because of it. Thread-safe.
 */
public final class MonotonicClock implements InstantSource {
  private final Instant start = Instant.now();
  private final long startNanos = System.nanoTime();

  @Override
  public Instant instant() {
    return start.plusNanos(System.nanoTime() - startNanos);
  }
}
