package org.hanse.coordinator.round;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether a site has a call to the coordinator; a long poll counts. */
public sealed interface Presence {

  /** A call is in flight. */
  record Here() implements Presence {}

  /** The last call ended at {@code since}. */
  record Away(Instant since) implements Presence {}

  /** No call yet; waited for from {@code since} on. */
  record Unseen(Instant since) implements Presence {}

  /**
   * When the site counts as gone if it makes no call until then; empty while it has one.
   *
   * @param patience how long a site may be without a call
   */
  default Optional<Instant> goneFrom(Duration patience) {
    return switch (this) {
      case Here() -> Optional.empty();
      case Away(Instant since) -> Optional.of(since.plus(patience));
      case Unseen(Instant since) -> Optional.of(since.plus(patience));
    };
  }

  default boolean goneAt(Instant now, Duration patience) {
    return goneFrom(patience).filter(from -> !now.isBefore(from)).isPresent();
  }

  /** Has called at some time, and not longer ago than {@code patience}. */
  default boolean connectedAt(Instant now, Duration patience) {
    return !(this instanceof Unseen) && !goneAt(now, patience);
  }
}
