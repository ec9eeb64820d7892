package org.hanse.client.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waiting times between tries: 50 ms, doubled each time up to 10 s, each shortened at random by up
 * to a half so that sites do not come back all at once.
 */
final class Backoff {
  private static final long FIRST_MILLIS = 50;
  private static final long MAX_MILLIS = 10_000;

  private final RandomGenerator jitter;
  private long nextMillis = FIRST_MILLIS;

  Backoff(RandomGenerator jitter) {
    this.jitter = jitter;
  }

  /** The next wait. */
  Duration next() {
    long full = nextMillis;
    nextMillis = Math.min(MAX_MILLIS, 2 * nextMillis);
    return Duration.ofMillis(full / 2 + jitter.nextLong(full / 2 + 1));
  }
}
