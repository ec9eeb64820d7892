package org.hanse.coordinator.storage;

import java.time.Instant;
import java.util.Map;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.coordinator.round.Presence;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;

/**
 * How a round opened.
 *
 * @param progress of the job then
 * @param known presence of the members that the coordinator had heard of
 */
public record RoundOpening(
    Hash planHash, JobProgress progress, Map<Fingerprint, Presence> known, Instant openedAt) {
  public RoundOpening {
    known = Map.copyOf(known);
  }

  public RoundId round() {
    return progress.round();
  }
}
