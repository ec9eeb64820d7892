package org.hanse.coordinator.round;

/**
 * One member in one round.
 *
 * @param released has sent M9 in this round, in whatever attempt, taken or not: it joins no other
 */
public record Attendee(Presence presence, Standing standing, boolean released) {
  Attendee with(Presence next) {
    return new Attendee(next, standing, released);
  }

  Attendee with(Standing next) {
    return new Attendee(presence, next, released);
  }

  Attendee asReleased() {
    return new Attendee(presence, standing, true);
  }
}
