package org.hanse.coordinator.round;

import java.util.List;

/** Where a round stands after an event, and what the shell must do. */
public record RoundStep(RoundState next, List<RoundEffect> effects) {
  public RoundStep {
    effects = List.copyOf(effects);
  }
}
