package org.hanse.wire.value;

import java.util.Comparator;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.JobId;

/**
 * How far a site has come in a job: the last work item it has taken. Ordered by job, pauses, round,
 * attempt, stage: after a pause a round's work comes anew.
 *
 * @param pauses that the job has seen, from 0
 * @param attempt number 0 where {@code stage} {@link WorkStage#precedesAttempts}
 */
public record WorkPosition(long pauses, AttemptId attempt, WorkStage stage)
    implements Comparable<WorkPosition> {
  private static final Comparator<WorkPosition> ORDER =
      Comparator.comparing(WorkPosition::job)
          .thenComparingLong(WorkPosition::pauses)
          .thenComparing(WorkPosition::attempt)
          .thenComparing(WorkPosition::stage);

  public WorkPosition {
    if (pauses < 0) {
      throw new IllegalArgumentException(pauses + " pauses");
    }
    if (stage.precedesAttempts() && attempt.attempt() != 0) {
      throw new IllegalArgumentException(stage + " has no attempt " + attempt.attempt());
    }
  }

  public JobId job() {
    return attempt.round().job();
  }

  @Override
  public int compareTo(WorkPosition other) {
    return ORDER.compare(this, other);
  }
}
