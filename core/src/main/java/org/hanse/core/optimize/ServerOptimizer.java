package org.hanse.core.optimize;

import org.hanse.core.plan.ServerUpdate;
import org.hanse.core.vector.FloatVector;

/**
 * How the averaged update changes the global model: a pure function of float64 arithmetic in a
 * fixed order, so that every site recomputes the coordinator's bits. Immutable and thread-safe.
 */
public sealed interface ServerOptimizer permits FedAvg {

  /** The optimizer that the manifest names. */
  static ServerOptimizer of(ServerUpdate update) {
    return switch (update) {
      case ServerUpdate.FedAvg rule -> new FedAvg(rule.serverLearningRate());
    };
  }

  /**
   * The new values of one stretch of parameters.
   *
   * @param model old values
   * @param averages the averaged update at the same places, as many
   * @return a new array of the same length
   */
  float[] next(float[] model, double[] averages);

  /**
   * As {@link #next}, for the parameters from {@code firstElement} on.
   *
   * @param averages the averaged update from {@code firstElement} on
   * @param target receives the new values at the same places; may be {@code model}
   */
  default void apply(FloatVector model, long firstElement, double[] averages, FloatVector target) {
    float[] values = new float[averages.length];
    model.read(firstElement, values, values.length);
    target.write(firstElement, next(values, averages), values.length);
  }
}
