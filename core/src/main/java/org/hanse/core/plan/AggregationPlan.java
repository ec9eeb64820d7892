package org.hanse.core.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How updates are protected and added. Cohort and weights fit the suite's ring, so that no sum of
 * honest updates wraps.
 *
 * @param metrics masked beside the update, in this order, names unique, at most 64
 * @param auditChunks how many random chunks of a sum each site recomputes from the uploads before
 *     it votes, 0 to 64; 0 where the coordinator sees single updates or no site may collude with
 *     it, since whoever audits sees what the coordinator sees
 */
public record AggregationPlan(
    Suite suite,
    CohortRules cohort,
    EncodingRules encoding,
    List<MetricSpec> metrics,
    RetryLimits retries,
    int auditChunks,
    StepDeadlines deadlines) {

  /** Enough for one site alone to see a forgery of a quarter of the chunks nine times in ten. */
  public static final int DEFAULT_AUDIT_CHUNKS = 8;

  /** The default: {@value #DEFAULT_AUDIT_CHUNKS} where auditing is allowed. */
  public static int defaultAuditChunks(Suite suite, CohortRules cohort) {
    return Math.min(DEFAULT_AUDIT_CHUNKS, maxAuditChunks(suite, cohort));
  }

  /** The most that a cohort allows. */
  public static int maxAuditChunks(Suite suite, CohortRules cohort) {
    return suite.masked() && cohort.colludingSites() > 0 ? Limits.MAX_AUDIT_CHUNKS : 0;
  }

  /**
   * How often a round may be tried.
   *
   * @param maxAttemptsPerRound 1 to 16
   * @param maxReleasesPerModel releases on one model hash, 1 to 16: each reveals one sum
   */
  public record RetryLimits(int maxAttemptsPerRound, int maxReleasesPerModel) {
    /** Four attempts and two releases. */
    public static final RetryLimits DEFAULT = new RetryLimits(4, 2);

    /** More look like a site that spoils them, whom nobody can find without opening updates. */
    private static final int MAX_DISCARDED_IN_A_ROW = 3;

    public RetryLimits {
      Limits.inRange("attempts per round", maxAttemptsPerRound, 1, Limits.MAX_ATTEMPTS);
      Limits.inRange("releases per model", maxReleasesPerModel, 1, Limits.MAX_ATTEMPTS);
    }

    /**
     * After how many rounds in a row that were released in and brought no model a job is over. They
     * all start from one model; so this is also how many rounds later than the one that made its
     * model a round can be.
     */
    public int maxDiscardedInARow() {
      return Math.min(MAX_DISCARDED_IN_A_ROW, maxReleasesPerModel);
    }
  }

  public AggregationPlan {
    metrics = List.copyOf(metrics);
    Limits.inRange(
        "members under " + suite.protocolName(), cohort.memberCount(), 2, suite.maxMembers());
    encoding.requireFit(suite.ring(), cohort.memberCount());
    Limits.inRange("metrics", metrics.size(), 0, Limits.MAX_METRICS);
    Limits.inRange("audit chunks", auditChunks, 0, maxAuditChunks(suite, cohort));
    Set<String> names = new HashSet<>();
    for (MetricSpec metric : metrics) {
      if (!names.add(metric.name())) {
        throw new IllegalArgumentException("metric listed twice: " + metric.name());
      }
    }
  }
}
