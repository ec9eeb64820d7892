package org.hanse.coordinator.storage;

import java.time.Instant;
import java.util.Optional;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.core.secagg.AbortReason;
import org.hanse.wire.value.JobState;

/**
 * A job as it was stored last.
 *
 * @param progress without the proof of adoption, which stands in the journal
 * @param lastSequence of its history; 0 if that is empty
 * @param changedAt by the coordinator's clock
 */
public record StoredJob(
    JobDescription description,
    Standing standing,
    JobProgress progress,
    long lastSequence,
    Instant changedAt) {

  /**
   * Where it stands.
   *
   * @param reason present exactly when failed or aborted
   */
  public record Standing(JobState state, Optional<AbortReason> reason) {
    public static final Standing RUNNING = new Standing(JobState.RUNNING, Optional.empty());
  }
}
