package org.hanse.coordinator.round;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.coordinator.AggregationStage;
import org.hanse.core.secagg.coordinator.AggregationState;

/**
 * When a site's absence costs it its place in an attempt. Only of a site that owes an answer, and
 * never once it costs more than the wait: a released round is spent, so from the release on absent
 * sites are waited for until the step's deadline, and at the release itself unless enough others
 * have released.
 */
final class Absences {
  private Absences() {}

  /** Sites that are to be left out at {@code now}, ascending. */
  static List<Fingerprint> gone(RoundState.InAttempt state, Instant now) {
    AggregationState aggregation = state.attempt().aggregation();
    if (!(state instanceof RoundState.Aggregating aggregating)) {
      return List.of();
    }
    if (aggregation.stage() == AggregationStage.QUORUM) {
      return withoutTheRest(aggregating).filter(from -> !now.isBefore(from)).isPresent()
          ? awaited(state)
          : List.of();
    }
    return awaited(state).stream()
        .filter(site -> goneFrom(state, site).filter(from -> !now.isBefore(from)).isPresent())
        .toList();
  }

  /** When {@link #gone} will hold more, if nobody comes; may lie in the past. */
  static Stream<Instant> times(RoundState.InAttempt state) {
    if (!(state instanceof RoundState.Aggregating aggregating)) {
      return Stream.empty();
    }
    return state.attempt().aggregation().stage() == AggregationStage.QUORUM
        ? withoutTheRest(aggregating).stream()
        : awaited(state).stream().flatMap(site -> goneFrom(state, site).stream());
  }

  /** When the releases go on without those missing: t are there and everybody else is gone. */
  private static Optional<Instant> withoutTheRest(RoundState.Aggregating state) {
    AggregationState aggregation = state.attempt().aggregation();
    List<Optional<Instant>> missing =
        awaited(state).stream().map(site -> goneFrom(state, site)).toList();
    return aggregation.released().size() >= state.plan().cohort().threshold()
            && missing.stream().allMatch(Optional::isPresent)
        ? missing.stream().flatMap(Optional::stream).max(Instant::compareTo)
        : Optional.empty();
  }

  private static List<Fingerprint> awaited(RoundState.InAttempt state) {
    return state.attempt().cohort().roster().stream()
        .filter(state.attempt().aggregation().awaited()::contains)
        .toList();
  }

  /** When a site of the attempt counts as gone, if it stays away; empty while it is here. */
  private static Optional<Instant> goneFrom(RoundState.InAttempt state, Fingerprint site) {
    Duration grace = state.plan().patience().grace();
    Instant earliest = state.attempt().goneFrom();
    return state
        .attendance()
        .of(site)
        .presence()
        .goneFrom(grace)
        .map(time -> time.isBefore(earliest) ? earliest : time);
  }
}
