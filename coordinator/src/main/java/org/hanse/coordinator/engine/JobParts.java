package org.hanse.coordinator.engine;

import java.time.Duration;
import java.time.InstantSource;
import org.hanse.coordinator.job.CallRegister;
import org.hanse.coordinator.round.RoundPlan.Patience;
import org.hanse.coordinator.storage.AuditStore;
import org.hanse.coordinator.storage.JobFiles;
import org.hanse.coordinator.storage.JobStore;
import org.hanse.coordinator.storage.ModelStore;
import org.hanse.coordinator.storage.SumStore;
import org.hanse.coordinator.storage.TranscriptStore;
import org.hanse.coordinator.storage.UploadStore;

/** What a job's loop works with. */
public record JobParts(Shared shared, Files files) {

  /**
   * The same for all jobs of a coordinator.
   *
   * @param threads whose workers unmask chunks
   */
  public record Shared(
      JobStore store,
      InstantSource clock,
      Timers timers,
      Threads threads,
      WorkBoard board,
      CallRegister calls,
      TurnDesk turns,
      Rules rules) {}

  /**
   * What the coordinator's configuration decides.
   *
   * @param longestPause a job that nobody resumes for so long fails
   */
  public record Rules(Patience patience, Retention retention, Duration longestPause) {}

  /** A job's own. */
  public record Files(
      JobFiles paths,
      ModelStore models,
      UploadStore uploads,
      SumStore sums,
      AuditStore audits,
      TranscriptStore transcripts) {}
}
