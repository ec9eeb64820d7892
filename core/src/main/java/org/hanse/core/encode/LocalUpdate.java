package org.hanse.core.encode;

import java.util.List;
import org.hanse.core.vector.FloatVector;

/**
 * What one site's training gave, in the clear.
 *
 * @param delta new minus old parameters; must not change while it is encoded
 * @param exampleCount training examples behind it
 * @param metrics in the manifest's order
 */
public record LocalUpdate(FloatVector delta, long exampleCount, List<Double> metrics) {
  public LocalUpdate {
    metrics = List.copyOf(metrics);
  }

  /** Keeps every value out of logs. */
  @Override
  public String toString() {
    return "update of " + delta.size() + " parameters";
  }
}
