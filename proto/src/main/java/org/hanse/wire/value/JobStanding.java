package org.hanse.wire.value;

import java.util.Optional;
import org.hanse.core.secagg.AbortReason;

/**
 * Where a job stands, and why.
 *
 * @param reason present if failed or aborted, and if paused by nobody's order; otherwise empty
 * @param order of the person that paused or aborted it; otherwise empty
 */
public record JobStanding(JobState state, Optional<AbortReason> reason, Optional<JobOrder> order) {
  public static final JobStanding QUEUED = plain(JobState.QUEUED);
  public static final JobStanding RUNNING = plain(JobState.RUNNING);
  public static final JobStanding COMPLETED = plain(JobState.COMPLETED);

  public JobStanding {
    if (!consistent(state, reason, order)) {
      throw new IllegalArgumentException(state + " with reason " + reason + " by " + order);
    }
  }

  /** Whether these may stand together. */
  public static boolean consistent(
      JobState state, Optional<AbortReason> reason, Optional<JobOrder> order) {
    return switch (state) {
      case QUEUED, RUNNING, COMPLETED -> reason.isEmpty() && order.isEmpty();
      case PAUSED -> reason.isPresent() != order.isPresent();
      case FAILED -> reason.isPresent() && order.isEmpty();
      case ABORTED -> reason.isPresent();
    };
  }

  private static JobStanding plain(JobState state) {
    return new JobStanding(state, Optional.empty(), Optional.empty());
  }

  /** By itself, for this reason. */
  public static JobStanding of(JobState state, AbortReason reason) {
    return new JobStanding(state, Optional.of(reason), Optional.empty());
  }

  public static JobStanding pausedBy(JobOrder order) {
    return new JobStanding(JobState.PAUSED, Optional.empty(), Optional.of(order));
  }

  public static JobStanding abortedBy(JobOrder order) {
    return new JobStanding(
        JobState.ABORTED, Optional.of(AbortReason.ABORTED_BY_USER), Optional.of(order));
  }

  public boolean ended() {
    return state.ended();
  }

  public boolean paused() {
    return state == JobState.PAUSED;
  }
}
