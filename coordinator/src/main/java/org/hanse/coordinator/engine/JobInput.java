package org.hanse.coordinator.engine;

import java.time.Instant;
import java.util.function.Function;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.wire.value.JobOrder;

/** What a job takes, one after the other. */
public sealed interface JobInput {

  /**
   * Something happened to the newest round.
   *
   * @param event made at the time at which it is taken
   */
  record Happened(Function<Instant, RoundEvent> event) implements JobInput {}

  /** Somebody wants something of the job. */
  record Ordered(Command command, JobOrder order) implements JobInput {}

  /** The job may open a round. */
  record TurnCame() implements JobInput {}

  /** Nobody has resumed the job in time. */
  record PauseExpired() implements JobInput {}

  /** What people may want; what holds already changes nothing. */
  enum Command {
    PAUSE,
    RESUME,
    ABORT
  }
}
