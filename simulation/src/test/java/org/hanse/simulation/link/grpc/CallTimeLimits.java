package org.hanse.simulation.link.grpc;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

/**
 * How long the calls of a thread may take. A call's own deadline is by the machine's clock, which
 * does not go in a simulated world.
 */
public final class CallTimeLimits {
  private final Map<Thread, Duration> limits = new WeakHashMap<>();

  /** For the calling thread's calls from now on. */
  public void set(Duration limit) {
    limits.put(Thread.currentThread(), limit);
  }

  Optional<Duration> current() {
    return Optional.ofNullable(limits.get(Thread.currentThread()));
  }
}
