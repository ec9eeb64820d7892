package org.hanse.coordinator.engine;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import org.hanse.coordinator.round.Attendance;
import org.hanse.coordinator.round.Attendee;
import org.hanse.coordinator.round.Presence;
import org.hanse.coordinator.round.RoundState;
import org.hanse.coordinator.round.Standing;

/** What a job waits for, in a sentence for people. */
final class Waiting {
  private Waiting() {}

  static String describe(RoundState state) {
    String round = "round " + state.plan().round().round() + ": ";
    return round
        + switch (state) {
          case RoundState.Recruiting recruiting ->
              "%d of at least %d sites connected, until %s"
                  .formatted(
                      connected(recruiting.attendance()),
                      recruiting.plan().cohort().minimumRoster(),
                      clock(recruiting.deadline()));
          case RoundState.Training training ->
              "%d of %d sites ready, until %s"
                  .formatted(
                      ready(training.attendance()),
                      inTheJob(training.attendance()).count(),
                      clock(training.deadline()));
          case RoundState.Aggregating a -> awaited(a);
          case RoundState.Applying a -> "the coordinator adds the updates" + until(a);
          case RoundState.Verifying a -> awaited(a);
          case RoundState.Published p -> "published";
          case RoundState.Aborted a -> "over";
        };
  }

  private static String awaited(RoundState.InAttempt state) {
    return "%s, %d sites to answer%s"
        .formatted(
            state.attempt().aggregation().stage(),
            state.attempt().aggregation().awaited().size(),
            until(state));
  }

  private static String until(RoundState.InAttempt state) {
    return state.attempt().stepDeadline().map(deadline -> ", until " + clock(deadline)).orElse("");
  }

  private static long connected(Attendance attendance) {
    return inTheJob(attendance)
        .filter(attendee -> !(attendee.presence() instanceof Presence.Unseen))
        .count();
  }

  /** Nobody waits for convicted members. */
  private static Stream<Attendee> inTheJob(Attendance attendance) {
    return attendance.members().values().stream()
        .filter(attendee -> !(attendee.standing() instanceof Standing.Convicted));
  }

  private static long ready(Attendance attendance) {
    return attendance.members().values().stream()
        .filter(attendee -> attendee.standing() instanceof Standing.Ready)
        .count();
  }

  private static String clock(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
