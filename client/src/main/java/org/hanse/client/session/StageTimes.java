package org.hanse.client.session;

import org.hanse.core.plan.StepDeadlines;
import org.hanse.wire.value.WorkStage;

/**
 * How long this site gives a stage, by the manifest: a coordinator may allow less, never more.
 *
 * @param deadlines the manifest's
 */
public record StageTimes(StepDeadlines deadlines) {
  /** For messages under way and clocks that differ. */
  private static final long ALLOWANCE_SECONDS = 60;

  /** Time for this site's own answer. */
  public long answerSeconds(WorkStage stage) {
    return switch (stage) {
      case TRAIN -> deadlines.trainSeconds();
      case START -> deadlines.advertiseSeconds();
      case ROSTER -> deadlines.shareSeconds();
      case SHARES -> deadlines.uploadSeconds();
      case SURVIVORS -> deadlines.confirmSeconds();
      case QUORUM -> deadlines.releaseSeconds();
      case RESULT -> deadlines.verdictSeconds();
      case JOB_PAUSED, ATTEMPT_CLOSED, JOB_ENDED -> 0;
    };
  }

  /**
   * How long after taking an item the next one is waited for: everybody's answers, and after the
   * releases the coordinator's own work on the sum, which is about as large as an upload.
   */
  public long patienceSeconds(WorkStage stage) {
    long more = stage == WorkStage.QUORUM ? deadlines.uploadSeconds() : 0;
    return answerSeconds(stage) + more + ALLOWANCE_SECONDS;
  }
}
