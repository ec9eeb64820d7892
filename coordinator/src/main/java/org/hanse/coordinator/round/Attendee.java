package org.hanse.coordinator.round;

/**
 * One member in one round.
 *
 * @param released has sent M9 in this round, in whatever attempt, taken or not: it joins no other
 */
public record Attendee(Presence presence, Standing standing, boolean released, Disputes disputes) {
  /** At a round's opening. */
  static Attendee opening(Presence presence, boolean convicted) {
    return new Attendee(
        presence,
        convicted ? new Standing.Convicted() : new Standing.Expected(),
        false,
        Disputes.NONE);
  }

  Attendee with(Presence next) {
    return new Attendee(next, standing, released, disputes);
  }

  Attendee with(Standing next) {
    return new Attendee(presence, next, released, disputes);
  }

  Attendee with(Disputes next) {
    return new Attendee(presence, standing, released, next);
  }

  Attendee asReleased() {
    return new Attendee(presence, standing, true, disputes);
  }

  /** Whether the member may be in {@code attempt}, one that has not opened. */
  boolean possible(int attempt) {
    return !standing.isOut() && !released && !disputes.bar(attempt);
  }
}
