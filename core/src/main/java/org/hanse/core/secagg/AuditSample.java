package org.hanse.core.secagg;

import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** Which chunks of a sum are audited. */
public final class AuditSample {
  private AuditSample() {}

  /**
   * {@code wanted} different chunks, each as likely as any other, ascending; all if there are no
   * more.
   *
   * @param chunkCount at least 1
   * @param wanted at least 0
   * @param random not to be foreseen by whoever computed the sum
   */
  public static NavigableSet<Long> choose(long chunkCount, int wanted, RandomGenerator random) {
    NavigableSet<Long> chosen = new TreeSet<>();
    // Floyd's algorithm: one draw for each choice, whatever was chosen before.
    for (long last = Math.max(0, chunkCount - wanted); last < chunkCount; last++) {
      long drawn = random.nextLong(last + 1);
      chosen.add(chosen.contains(drawn) ? last : drawn);
    }
    return chosen;
  }
}
