package org.hanse.client.trainer;

import java.util.Map;
import org.hanse.core.vector.FloatVector;

/** How a round's training ended. */
public sealed interface TrainingOutcome {
  /**
   * It ended well.
   *
   * @param parameters after training, canonical layout, all finite
   * @param exampleCount records trained on, at least 1
   * @param metrics of the start model over the same records, by {@link
   *     org.hanse.core.plan.MetricSpec}'s names: training-loss and training-accuracy
   */
  record Trained(FloatVector parameters, long exampleCount, Map<String, Double> metrics)
      implements TrainingOutcome {
    public Trained {
      metrics = Map.copyOf(metrics);
    }
  }

  /** It did not; the site's own log says more. */
  record Failed(TrainingFailure failure) implements TrainingOutcome {
    public String code() {
      return failure.code();
    }
  }
}
