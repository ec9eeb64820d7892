package org.hanse.core.plan;

import java.util.OptionalLong;

/**
 * Which of a job's models is the best, and after how many worse ones in a row the job ends. A round
 * measures the model that it starts from, so nobody has measured a job's last one.
 *
 * @param metric one of the manifest's
 * @param minimumChange by which a value must beat the best so far, finite, 0 or more
 * @param patience measured models in a row without a better one, 1 to 1,000,000; empty: the job
 *     runs all its rounds
 */
public record ModelSelection(
    String metric, Goal goal, double minimumChange, OptionalLong patience) {

  /** Which values are better. */
  public enum Goal {
    MINIMIZE,
    MAXIMIZE
  }

  public ModelSelection {
    Names.check("metric name", metric);
    if (!(minimumChange >= 0) || Double.isInfinite(minimumChange)) {
      throw new IllegalArgumentException(
          "minimum change must be 0 or more and finite, not " + minimumChange);
    }
    patience.ifPresent(models -> Limits.inRange("patience", models, 1, Limits.MAX_ROUNDS));
  }

  /** Whether {@code value} is better than {@code best}, by enough. */
  public boolean improves(double value, double best) {
    double gain =
        switch (goal) {
          case MINIMIZE -> best - value;
          case MAXIMIZE -> value - best;
        };
    return gain > minimumChange;
  }
}
