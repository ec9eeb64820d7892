package org.hanse.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What a piece of work cost, pass by pass.
 *
 * @param passes those after the warm-up, at least one
 */
record Measurement(List<Cost> passes) {

  /**
   * Of one pass, or a median or minimum of several.
   *
   * @param cpuNanos of the measuring thread alone
   */
  record Cost(long cpuNanos, long wallNanos) {}

  /** Where times come from. */
  interface Clock {
    /** CPU time that this thread has used, in nanoseconds. */
    long cpuNanos();

    /** Nanoseconds since some moment. */
    long wallNanos();

    /** This machine's. */
    static Clock ofThread() {
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      return new Clock() {
        @Override
        public long cpuNanos() {
          return threads.getCurrentThreadCpuTime();
        }

        @Override
        public long wallNanos() {
          return System.nanoTime();
        }
      };
    }
  }

  /**
   * How work is repeated.
   *
   * @param warmUp passes that are not counted, so that the compiler is done
   * @param counted at least one
   */
  record Passes(int warmUp, int counted) {
    Passes {
      if (warmUp < 0 || counted < 1) {
        throw new IllegalArgumentException(counted + " passes after " + warmUp);
      }
    }
  }

  Measurement {
    passes = List.copyOf(passes);
    if (passes.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
  }

  /** Runs {@code work} on this thread, again and again. */
  static Measurement of(Passes passes, Clock clock, Runnable work) {
    List<Cost> costs = new ArrayList<>();
    for (int pass = 0; pass < passes.warmUp() + passes.counted(); pass++) {
      long cpu = clock.cpuNanos();
      long wall = clock.wallNanos();
      work.run();
      Cost cost = new Cost(clock.cpuNanos() - cpu, clock.wallNanos() - wall);
      if (pass >= passes.warmUp()) {
        costs.add(cost);
      }
    }
    return new Measurement(costs);
  }

  /** CPU and wall, each for itself: the upper one of the two in the middle. */
  Cost median() {
    return new Cost(
        ranked(Cost::cpuNanos, passes.size() / 2), ranked(Cost::wallNanos, passes.size() / 2));
  }

  /** Least CPU and least wall. */
  Cost best() {
    return new Cost(ranked(Cost::cpuNanos, 0), ranked(Cost::wallNanos, 0));
  }

  private long ranked(ToLongFunction<Cost> time, int rank) {
    return passes.stream().mapToLong(time).sorted().skip(rank).findFirst().orElseThrow();
  }
}
