package org.hanse.wire.value;

import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.SiteId;

/**
 * A job as its researcher sees it.
 *
 * @param modelHash the newest published model, or the initial one
 * @param waitingFor for people: what the job waits for, and how long at most; may be empty
 */
public record JobSummary(
    JobId job,
    String title,
    JobStanding standing,
    Progress progress,
    Hash modelHash,
    Hash planHash,
    String waitingFor) {
  public JobState state() {
    return standing.state();
  }

  /**
   * A site whose shares matched their commitments and rebuilt another secret than it committed to.
   *
   * @param round in which they did, from 1
   */
  public record Convicted(SiteId site, long round) {}

  /**
   * The best model so far by the metric that the manifest names.
   *
   * @param rounds published that made it, 0 for the initial model
   * @param value finite
   */
  public record Best(Hash modelHash, long rounds, String metric, double value) {}

  /**
   * How far the job is, and without whom.
   *
   * @param publishedRounds of all that are planned
   * @param convicted sites that are out of the job, each once
   * @param best empty if the job selects none, or no round has measured one
   */
  public record Progress(
      long publishedRounds, long plannedRounds, List<Convicted> convicted, Optional<Best> best) {
    public Progress {
      convicted = List.copyOf(convicted);
      if (publishedRounds < 0 || publishedRounds > plannedRounds) {
        throw new IllegalArgumentException(publishedRounds + " of " + plannedRounds + " rounds");
      }
    }

    /** With everybody, selecting no model. */
    public Progress(long publishedRounds, long plannedRounds) {
      this(publishedRounds, plannedRounds, List.of(), Optional.empty());
    }
  }
}
