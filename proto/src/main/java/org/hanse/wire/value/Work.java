package org.hanse.wire.value;

import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Limits;

/**
 * One work item: where it stands in its job, what to do, and how long there is to answer.
 *
 * @param deadlineSeconds time left when it was sent, 0 to 30 days
 */
public record Work(WorkPosition position, long deadlineSeconds, WorkContent content) {
  public Work {
    if (position.stage() != content.stage()) {
      throw new IllegalArgumentException(
          position.stage() + " does not carry " + content.stage() + " content");
    }
    if (deadlineSeconds < 0 || deadlineSeconds > Limits.MAX_DEADLINE_SECONDS) {
      throw new IllegalArgumentException("no deadline of " + deadlineSeconds + " seconds");
    }
  }

  /** The item at the content's own stage, in a job that was never paused. */
  public static Work of(AttemptId attempt, long deadlineSeconds, WorkContent content) {
    return new Work(new WorkPosition(0, attempt, content.stage()), deadlineSeconds, content);
  }

  public AttemptId attempt() {
    return position.attempt();
  }
}
