package org.hanse.core.optimize;

import java.util.Optional;

/**
 * {@code w + serverLearningRate * average}, computed in float64 and rounded once to float32.
 *
 * <p>Source: McMahan et al. 2017, algorithm 1, with the server learning rate of Reddi et al. 2021.
 *
 * @param serverLearningRate 1 is plain averaging
 */
record FedAvg(double serverLearningRate) implements ServerOptimizer {
  @Override
  public Optional<float[]> next(float[] model, double[] averages) {
    if (model.length != averages.length) {
      throw new IllegalArgumentException(
          averages.length + " averages for " + model.length + " parameters");
    }
    float[] next = new float[model.length];
    for (int i = 0; i < next.length; i++) {
      next[i] = (float) (model[i] + serverLearningRate * averages[i]);
      if (!Float.isFinite(next[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(next);
  }
}
