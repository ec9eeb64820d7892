package org.hanse.coordinator.round;

/**
 * Where a round begins in a job that was paused.
 *
 * @param pauses of the job so far: positions after a pause are beyond all before
 * @param attempts of this round that were opened before its pause; the next one has this number
 */
public record Resumption(long pauses, int attempts) {
  public static final Resumption NONE = new Resumption(0, 0);

  public Resumption {
    if (pauses < 0 || attempts < 0) {
      throw new IllegalArgumentException(pauses + " pauses, " + attempts + " attempts");
    }
  }

  /** For the rounds that follow this one. */
  public Resumption nextRound() {
    return new Resumption(pauses, 0);
  }

  /** After one pause more, with so many attempts of the round opened in all. */
  public Resumption pausedAfter(int attemptsInAll) {
    return new Resumption(pauses + 1, attemptsInAll);
  }
}
