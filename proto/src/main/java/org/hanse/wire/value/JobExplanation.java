package org.hanse.wire.value;

import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.SiteId;

/**
 * What a job waits for.
 *
 * @param untilMillis when that is over at the latest, milliseconds since 1970; empty if nothing is
 *     due
 * @param afterwards for people: what happens then, 0 to 200 characters
 * @param sites members, each once; none where no site is waited for
 * @param jobs of the same owner that have the sites, or are before this one in line
 */
public record JobExplanation(
    JobSummary summary,
    Optional<Long> untilMillis,
    String afterwards,
    List<SiteStanding> sites,
    List<JobId> jobs) {
  public JobExplanation {
    sites = List.copyOf(sites);
    jobs = List.copyOf(jobs);
  }

  /**
   * A member in the round.
   *
   * @param awaySinceMillis milliseconds since 1970; empty if it is connected
   */
  public record SiteStanding(SiteId site, Standing standing, Optional<Long> awaySinceMillis) {}

  /** How far a member is. */
  public enum Standing {
    /** It has not reported yet whether it takes part. */
    EXPECTED,
    /** Its update is saved at the site. */
    READY,
    /** It owes the answer that the attempt waits for. */
    OWES,
    /** It has given that answer. */
    ANSWERED,
    /** It is not in the attempt. */
    LEFT_OUT,
    /** It sits the round out. */
    OUT,
    /** It is out of the job. */
    CONVICTED
  }
}
