package org.hanse.core.plan;

import java.util.Optional;

/**
 * What is trained, on which data, for how long.
 *
 * @param rounds at most, 1 to 1,000,000
 * @param selection empty: no model is the best
 * @param initialModelHash hash of the parameters that round 1 starts from
 */
public record TrainingPlan(
    ModelDescription model,
    DataContract data,
    LocalTraining local,
    ServerUpdate server,
    long rounds,
    Optional<ModelSelection> selection,
    Hash initialModelHash) {
  public TrainingPlan {
    Limits.inRange("rounds", rounds, 1, Limits.MAX_ROUNDS);
    if (model.inputElementCount() != data.features().size()) {
      throw new IllegalArgumentException(
          "the model takes "
              + model.inputElementCount()
              + " inputs, the data contract has "
              + data.features().size()
              + " features");
    }
    if (model.classCount() != data.classes().size()) {
      throw new IllegalArgumentException(
          "the model has "
              + model.classCount()
              + " classes, the data contract "
              + data.classes().size());
    }
  }
}
