package org.hanse.core.plan;

/**
 * A training metric that every site must report as a masked coordinate.
 *
 * @param name 1 to 63 lower-case letters, digits or hyphens
 * @param bound values are clamped to plus or minus this, 1e-30 to 1e30
 */
public record MetricSpec(String name, double bound) {
  /** Mean loss of the round's starting model over the site's training records. */
  public static final String TRAINING_LOSS = "training-loss";

  /** Share of the site's training records that the round's starting model classifies correctly. */
  public static final String TRAINING_ACCURACY = "training-accuracy";

  public MetricSpec {
    Names.check("metric name", name);
    Limits.scale("bound of " + name, bound);
  }
}
