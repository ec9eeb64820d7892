package org.hanse.core.secagg.coordinator;

import java.util.List;

/** Where an attempt stands after an event, and what the shell must do. */
public record AggregationStep(AggregationState next, List<AggregationEffect> effects) {
  public AggregationStep {
    effects = List.copyOf(effects);
  }
}
