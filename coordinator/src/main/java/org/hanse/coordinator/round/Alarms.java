package org.hanse.coordinator.round;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** When a round must be looked at although nothing else happens. */
final class Alarms {
  private Alarms() {}

  /** The earliest time at which {@code TimePassed} would change something; never in the past. */
  static Optional<Instant> next(RoundState state, Instant now) {
    Stream<Instant> times =
        switch (state) {
          case RoundState.Recruiting recruiting -> Stream.of(recruiting.deadline());
          case RoundState.Training training ->
              Stream.concat(Stream.of(training.deadline()), leases(training, now));
          case RoundState.InAttempt inAttempt ->
              Stream.concat(inAttempt.attempt().stepDeadline().stream(), Absences.times(inAttempt));
          case RoundState.Pending pending -> Stream.empty();
          case RoundState.Published published -> Stream.empty();
          case RoundState.Aborted aborted -> Stream.empty();
        };
    return times.map(time -> time.isBefore(now) ? now : time).min(Instant::compareTo);
  }

  private static Stream<Instant> leases(RoundState.Training training, Instant now) {
    Duration lease = training.plan().patience().lease();
    return training.attendance().awaited(now, lease).stream()
        .flatMap(site -> training.attendance().of(site).presence().goneFrom(lease).stream());
  }
}
