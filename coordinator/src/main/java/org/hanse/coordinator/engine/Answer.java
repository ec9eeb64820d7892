package org.hanse.coordinator.engine;

import org.hanse.coordinator.round.Rejection;

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
}
