package org.hanse.coordinator.round;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.coordinator.AggregationState;

/**
 * An attempt in progress.
 *
 * @param cohort whom it is about
 * @param goneFrom no site counts as gone earlier, however long it was away before
 * @param stepDeadline when the sites must have answered, or the coordinator, which gets as long for
 *     the sum as the sites had for their uploads; empty once the attempt is over
 * @param metrics decoded from the sum; empty before it is applied
 */
public record Attempt(
    Cohort cohort,
    AggregationState aggregation,
    Instant goneFrom,
    Optional<Instant> stepDeadline,
    List<Double> metrics) {
  public Attempt {
    metrics = List.copyOf(metrics);
  }

  /**
   * The sites of an attempt, ascending.
   *
   * @param roster R
   * @param counted U3; empty before M6
   */
  public record Cohort(List<Fingerprint> roster, List<Fingerprint> counted) {
    public Cohort {
      roster = List.copyOf(roster);
      counted = List.copyOf(counted);
    }
  }

  public AttemptId id() {
    return aggregation.attempt();
  }

  Attempt with(List<Double> decoded) {
    return new Attempt(cohort, aggregation, goneFrom, stepDeadline, decoded);
  }

  /** As {@link RoundEvent.Restarted} has it. */
  Attempt after(Duration pause, Instant earliestGone) {
    return new Attempt(
        cohort, aggregation, earliestGone, stepDeadline.map(end -> end.plus(pause)), metrics);
  }

  /** Whether the site still takes part. */
  boolean holds(Fingerprint site) {
    return aggregation.present().contains(site);
  }
}
