package org.hanse.core.optimize;

import java.util.Optional;
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
   * @return a new array of the same length; empty if a new value is not finite, which no model may
   *     hold
   * @throws IllegalArgumentException if there are not as many averages as values
   */
  Optional<float[]> next(float[] model, double[] averages);

  /**
   * As {@link #next}, for the parameters from {@code firstElement} on.
   *
   * @param averages the averaged update from {@code firstElement} on
   * @param target receives the new values at the same places; may be {@code model}
   * @return false if a new value is not finite; then nothing was written
   */
  default boolean apply(
      FloatVector model, long firstElement, double[] averages, FloatVector target) {
    float[] values = new float[averages.length];
    model.read(firstElement, values, values.length);
    Optional<float[]> next = next(values, averages);
    next.ifPresent(found -> target.write(firstElement, found, found.length));
    return next.isPresent();
  }
}
