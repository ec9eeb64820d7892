package org.hanse.wire.value;

import java.util.Comparator;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.JobId;

/**
 * How far a site has come in a job: the last work item it has taken. Ordered by job, round,
 * attempt, stage.
 *
 * @param attempt number 0 where {@code stage} is {@link WorkStage#TRAIN}
 */
public record WorkPosition(AttemptId attempt, WorkStage stage) implements Comparable<WorkPosition> {
  private static final Comparator<WorkPosition> ORDER =
      Comparator.comparing(WorkPosition::attempt).thenComparing(WorkPosition::stage);

  public WorkPosition {
    if (stage == WorkStage.TRAIN && attempt.attempt() != 0) {
      throw new IllegalArgumentException("training has no attempt " + attempt.attempt());
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
