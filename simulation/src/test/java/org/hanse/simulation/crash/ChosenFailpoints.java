package org.hanse.simulation.crash;

import java.util.Arrays;
import java.util.List;
import org.hanse.simulation.crash.CrashBench.Chain;

/** All failpoints, or those of one job that {@code -Dhanse.crash.points} names. */
final class ChosenFailpoints {
  private ChosenFailpoints() {}

  static List<Chain> chains(List<Failpoint> all) {
    String chosen = System.getProperty("hanse.crash.points", "");
    if (chosen.isEmpty()) {
      return CrashBench.chains(all);
    }
    List<Failpoint> failpoints =
        Arrays.stream(chosen.split(","))
            .map(name -> all.stream().filter(known -> known.toString().equals(name.strip())))
            .flatMap(found -> found.limit(1))
            .toList();
    return failpoints.isEmpty() ? List.of() : List.of(new Chain(failpoints));
  }
}
