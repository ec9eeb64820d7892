package org.hanse.simulation.relay;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Decides how many bytes may pass, and when. Thread-safe. */
final class Throttle {
  /** Pieces a second while slow: small enough that a freeze cuts a message, not a gap. */
  private static final int PIECES_PER_SECOND = 40;

  private static final int UNLIMITED = Integer.MAX_VALUE;

  private int bytesPerSecond = UNLIMITED;
  private long allowance = Long.MAX_VALUE;

  /** Allowed, but not yet written by whoever asked. */
  private long passing;

  private boolean closed;

  /** From now on at most this many bytes a second pass. */
  synchronized void slowTo(int newBytesPerSecond) {
    bytesPerSecond = newBytesPerSecond;
    notifyAll();
  }

  /** From now on no more than this many bytes pass. */
  synchronized void freezeAfter(long bytes) {
    allowance = bytes;
    notifyAll();
  }

  /** Waits until all that may pass has been written; false if that took longer. */
  synchronized boolean awaitFrozen(Duration atMost) throws InterruptedException {
    long limit = System.nanoTime() + atMost.toNanos();
    while (allowance > 0 || passing > 0) {
      long left = limit - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      wait(Math.max(1, left / 1_000_000));
    }
    return true;
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /**
   * Waits until some of {@code wanted} bytes may pass, and says how many; 0 once closed. Whoever
   * has written them says so by {@link #written}.
   */
  synchronized int pass(int wanted) throws InterruptedException {
    while (allowance == 0 && !closed) {
      wait();
    }
    if (closed) {
      return 0;
    }
    int passed = (int) Math.min(wanted, allowance);
    if (bytesPerSecond != UNLIMITED) {
      passed = Math.min(passed, Math.max(1, bytesPerSecond / PIECES_PER_SECOND));
    }
    if (allowance != Long.MAX_VALUE) {
      allowance -= passed;
    }
    passing += passed;
    return passed;
  }

  /** Bytes that were allowed are on their way; waits as long as one piece takes while slow. */
  synchronized void written(int bytes) throws InterruptedException {
    passing -= bytes;
    notifyAll();
    long until = System.nanoTime() + 1_000_000_000L / PIECES_PER_SECOND;
    long leftNanos = until - System.nanoTime();
    while (bytesPerSecond != UNLIMITED && !closed && leftNanos > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
      leftNanos = until - System.nanoTime();
    }
  }
}
