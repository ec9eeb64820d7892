package org.hanse.simulation.consortium;

import java.util.Map;
import org.hanse.core.vector.FloatVector;

/** What an undisturbed training of one site in one round gives. */
public record PlainTraining(FloatVector parameters, long examples, Map<String, Double> metrics) {
  public static PlainTraining of(FloatVector base, long seed) {
    return new PlainTraining(
        SimulatedTrainer.trained(base, seed),
        SimulatedTrainer.EXAMPLES,
        SimulatedTrainer.metrics(seed));
  }
}
