package org.hanse.coordinator.storage;

import java.util.List;
import org.hanse.coordinator.round.RoundEvent;

/**
 * A round's opening and the events that its machine took, in their order: replayed through the same
 * machine they give the same state and effects.
 *
 * @param paused whether the round is to open anew; then there are no events
 */
public record RoundJournal(RoundOpening opening, List<RoundEvent> events, boolean paused) {
  public RoundJournal {
    events = List.copyOf(events);
  }
}
