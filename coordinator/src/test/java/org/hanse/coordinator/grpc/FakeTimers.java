package org.hanse.coordinator.grpc;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.hanse.coordinator.engine.Timers;

/** A clock that stands still until it is told to go on, and the timers that follow it. */
final class FakeTimers implements Timers, InstantSource {
  private final List<Pending> pending = new ArrayList<>();
  private Instant now = Instant.EPOCH;

  private record Pending(Instant time, Runnable task) {}

  @Override
  public Alarm schedule(Instant time, Runnable task) {
    Pending alarm = new Pending(time, task);
    pending.add(alarm);
    return () -> pending.remove(alarm);
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** Goes on, running what is due on the way, the earliest first. */
  void advance(java.time.Duration time) {
    Instant until = now.plus(time);
    while (true) {
      List<Pending> due =
          pending.stream()
              .filter(alarm -> !alarm.time().isAfter(until))
              .sorted(Comparator.comparing(Pending::time))
              .toList();
      if (due.isEmpty()) {
        now = until;
        return;
      }
      now = due.getFirst().time();
      pending.remove(due.getFirst());
      due.getFirst().task().run();
    }
  }

  int pending() {
    return pending.size();
  }
}
