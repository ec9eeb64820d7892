package org.hanse.coordinator.engine;

import java.time.Instant;

/** Runs things later. Tests drive it by hand. */
public interface Timers {

  /** Runs {@code task} at {@code time}, or at once if that has passed; it must not block. */
  Alarm schedule(Instant time, Runnable task);

  /** A task that has not run yet. */
  interface Alarm {
    void cancel();
  }
}
