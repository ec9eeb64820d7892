package org.hanse.core.plan;

/** The optimizer that sites train with; its state starts afresh every round. */
public sealed interface LocalOptimizer {
  /** Positive and finite. */
  double learningRate();

  /**
   * Stochastic gradient descent.
   *
   * @param momentum Nesterov momentum, 0 (none) to below 1
   */
  record Sgd(double learningRate, double momentum) implements LocalOptimizer {
    public Sgd {
      Limits.positive("learning rate", learningRate);
      if (!(momentum >= 0 && momentum < 1)) {
        throw new IllegalArgumentException("momentum must be from 0 to below 1, not " + momentum);
      }
    }
  }

  /** Adam (Kingma and Ba 2015) with beta1 0.9, beta2 0.999, epsilon 1e-8. */
  record Adam(double learningRate) implements LocalOptimizer {
    public Adam {
      Limits.positive("learning rate", learningRate);
    }
  }
}
