package org.hanse.core.plan;

/** The rule by which the averaged update changes the global model. */
public sealed interface ServerUpdate {

  /**
   * FedAvg (McMahan et al. 2017): {@code w + serverLearningRate * average}.
   *
   * @param serverLearningRate 1e-30 to 1e30; 1 is plain averaging
   */
  record FedAvg(double serverLearningRate) implements ServerUpdate {
    public FedAvg {
      Limits.scale("server learning rate", serverLearningRate);
    }
  }
}
