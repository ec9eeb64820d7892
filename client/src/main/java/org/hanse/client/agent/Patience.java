package org.hanse.client.agent;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How long something is worth trying.
 *
 * @param nanoTime the clock
 * @param endNanos by that clock
 * @param pointless true once something newer came up
 */
record Patience(LongSupplier nanoTime, long endNanos, BooleanSupplier pointless) {
  private static final Duration FOREVER = Duration.ofDays(365);

  static Patience of(Threads threads, Duration time) {
    return new Patience(threads::nanoTime, threads.nanoTime() + time.toNanos(), () -> false);
  }

  static Patience unlimited(Threads threads) {
    return of(threads, FOREVER);
  }

  /** The same time, but over as soon as {@code newer}. */
  Patience unless(BooleanSupplier newer) {
    return new Patience(nanoTime, endNanos, newer);
  }

  boolean isTimeUp() {
    return endNanos - nanoTime.getAsLong() <= 0;
  }

  boolean isOver() {
    return pointless.getAsBoolean() || isTimeUp();
  }

  /** At least a millisecond. */
  Duration remaining() {
    return Duration.ofNanos(Math.max(endNanos - nanoTime.getAsLong(), 1_000_000));
  }
}
