package org.hanse.core.plan;

import java.util.Comparator;

/** One attempt at aggregating a round. Attempts count from 0. Ordered by round, then attempt. */
public record AttemptId(RoundId round, int attempt) implements Comparable<AttemptId> {
  private static final Comparator<AttemptId> ORDER =
      Comparator.comparing((AttemptId id) -> id.round().job())
          .thenComparingLong(id -> id.round().round())
          .thenComparingInt(AttemptId::attempt);

  public AttemptId {
    Limits.inRange("attempt", attempt, 0, Limits.MAX_ATTEMPTS - 1);
  }

  @Override
  public int compareTo(AttemptId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return round + "/" + attempt;
  }
}
