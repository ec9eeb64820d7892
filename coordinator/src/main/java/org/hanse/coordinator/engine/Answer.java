package org.hanse.coordinator.engine;

import org.hanse.coordinator.round.Rejection;
import org.hanse.coordinator.round.RoundEffect;
import org.hanse.coordinator.round.RoundStep;

/** What a job said to an event. */
public sealed interface Answer {

  /** Taken, or taken before; durable. */
  record Taken() implements Answer {}

  /** Not taken; the round goes on. */
  record Rejected(Rejection rejection, String detail) implements Answer {}

  /** The job is over. */
  record JobOver() implements Answer {}

  /** More events wait than one job may have. */
  record Overloaded() implements Answer {}

  /** This coordinator is shutting down, or cannot write its files. */
  record Unavailable() implements Answer {}

  /** What a step says to whom caused it. */
  static Answer to(RoundStep step) {
    for (RoundEffect effect : step.effects()) {
      if (effect instanceof RoundEffect.Reject reject) {
        return new Rejected(reject.rejection(), reject.detail());
      }
    }
    return new Taken();
  }
}
