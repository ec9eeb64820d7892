package org.hanse.coordinator.round;

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
 * @param openedAt a site that was away before counts as gone no earlier than its grace after this
 * @param stepDeadline when the sites must have answered, or the coordinator, which gets as long for
 *     the sum as the sites had for their uploads; empty once the attempt is over
 */
public record Attempt(
    Cohort cohort, AggregationState aggregation, Instant openedAt, Optional<Instant> stepDeadline) {

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

  /** Whether the site still takes part. */
  boolean holds(Fingerprint site) {
    return aggregation.present().contains(site);
  }
}
