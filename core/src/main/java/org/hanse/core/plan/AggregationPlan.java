package org.hanse.core.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How updates are protected and added.
 *
 * @param metrics masked beside the update, in this order, names unique, at most 64
 */
public record AggregationPlan(
    Suite suite,
    CohortRules cohort,
    EncodingRules encoding,
    List<MetricSpec> metrics,
    RetryLimits retries,
    StepDeadlines deadlines) {

  /**
   * How often a round may be tried.
   *
   * @param maxAttemptsPerRound 1 to 16
   * @param maxReleasesPerModel releases on one model hash, 1 to 16: each reveals one sum
   */
  public record RetryLimits(int maxAttemptsPerRound, int maxReleasesPerModel) {
    /** Four attempts and two releases. */
    public static final RetryLimits DEFAULT = new RetryLimits(4, 2);

    public RetryLimits {
      Limits.inRange("attempts per round", maxAttemptsPerRound, 1, Limits.MAX_ATTEMPTS);
      Limits.inRange("releases per model", maxReleasesPerModel, 1, Limits.MAX_ATTEMPTS);
    }
  }

  public AggregationPlan {
    metrics = List.copyOf(metrics);
    Limits.inRange("metrics", metrics.size(), 0, Limits.MAX_METRICS);
    Set<String> names = new HashSet<>();
    for (MetricSpec metric : metrics) {
      if (!names.add(metric.name())) {
        throw new IllegalArgumentException("metric listed twice: " + metric.name());
      }
    }
  }
}
