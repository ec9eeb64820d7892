package org.hanse.coordinator.engine;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Stream;
import org.hanse.coordinator.job.Turns;
import org.hanse.coordinator.round.Attendance;
import org.hanse.coordinator.round.Attendee;
import org.hanse.coordinator.round.Presence;
import org.hanse.coordinator.round.RoundState;
import org.hanse.coordinator.round.Standing;
import org.hanse.wire.value.JobStanding;

/** What a job waits for, in a sentence for people. */
final class Waiting {
  private Waiting() {}

  /**
   * @param obstacle why the job's turn has not come, if it waits for that
   */
  static String describe(
      JobStanding standing, RoundState state, Optional<Turns.Obstacle> obstacle) {
    String round = "round " + state.plan().round().round() + ": ";
    return switch (state) {
      case RoundState.Recruiting recruiting ->
          round
              + "%d of at least %d sites connected, until %s"
                  .formatted(
                      connected(recruiting.attendance()),
                      recruiting.plan().cohort().minimumRoster(),
                      clock(recruiting.deadline()));
      case RoundState.Training training ->
          round
              + "%d of %d sites ready, until %s"
                  .formatted(
                      ready(training.attendance()),
                      inTheJob(training.attendance()).count(),
                      clock(training.deadline()));
      case RoundState.Aggregating a -> round + awaited(a);
      case RoundState.Applying a -> round + "the coordinator adds the updates" + until(a);
      case RoundState.Verifying a -> round + awaited(a);
      case RoundState.Pending p -> between(standing, obstacle);
      case RoundState.Published p -> between(standing, obstacle);
      case RoundState.Aborted a -> between(standing, obstacle);
    };
  }

  private static String between(JobStanding standing, Optional<Turns.Obstacle> obstacle) {
    if (standing.paused()) {
      return "somebody to resume it";
    }
    return obstacle
        .filter(found -> !found.sites().isEmpty())
        .map(found ->
            "its turn: %d of its sites are taken by %s"
                .formatted(found.sites().size(), some(found)))
        .orElse("its turn");
  }

  private static String some(Turns.Obstacle found) {
    int all = found.jobs().size() + found.jobsOfOthers();
    if (found.jobs().isEmpty()) {
      return all + " of other users";
    }
    String first = found.jobs().iterator().next().value();
    return all == 1 ? first : first + " and %d more".formatted(all - 1);
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
