package org.hanse.client.agent;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How long something is worth trying.
 *
 * @param endNanos by {@link System#nanoTime}
 * @param pointless true once something newer came up
 */
record Patience(long endNanos, BooleanSupplier pointless) {
  private static final Duration FOREVER = Duration.ofDays(365);

  static Patience of(Duration time) {
    return new Patience(System.nanoTime() + time.toNanos(), () -> false);
  }

  static Patience unlimited() {
    return of(FOREVER);
  }

  /** The same time, but over as soon as {@code newer}. */
  Patience unless(BooleanSupplier newer) {
    return new Patience(endNanos, newer);
  }

  boolean isTimeUp() {
    return endNanos - System.nanoTime() <= 0;
  }

  boolean isOver() {
    return pointless.getAsBoolean() || isTimeUp();
  }

  /** At least a millisecond. */
  Duration remaining() {
    return Duration.ofNanos(Math.max(endNanos - System.nanoTime(), 1_000_000));
  }
}
