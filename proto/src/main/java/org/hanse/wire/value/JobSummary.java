package org.hanse.wire.value;

import java.util.Optional;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.secagg.AbortReason;

/**
 * A job as its researcher sees it.
 *
 * @param reason present exactly when failed or aborted
 * @param modelHash the newest published model, or the initial one
 * @param waitingFor for people: what the job waits for, and how long at most; may be empty
 */
public record JobSummary(
    JobId job,
    String title,
    JobState state,
    Progress progress,
    Optional<AbortReason> reason,
    Hash modelHash,
    Hash planHash,
    String waitingFor) {
  public JobSummary {
    if (reason.isPresent() != state.hasReason()) {
      throw new IllegalArgumentException("state " + state + " with reason " + reason);
    }
  }

  /** Rounds published, of all that are planned. */
  public record Progress(long publishedRounds, long plannedRounds) {
    public Progress {
      if (publishedRounds < 0 || publishedRounds > plannedRounds) {
        throw new IllegalArgumentException(publishedRounds + " of " + plannedRounds + " rounds");
      }
    }
  }
}
