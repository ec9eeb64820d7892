package org.hanse.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.hanse.bench.Measurement.Cost;
import org.hanse.bench.Measurement.Passes;
import org.junit.jupiter.api.Test;

class MeasurementTest {

  @Test
  void of_warmUpPasses_runButDoNotCount() {
    AtomicInteger runs = new AtomicInteger();
    WorkClock clock = new WorkClock(900, 800, 10, 20, 30);

    Measurement measured =
        Measurement.of(
            new Passes(2, 3),
            clock,
            () -> {
              runs.incrementAndGet();
              clock.work();
            });

    assertThat(runs).hasValue(5);
    assertThat(measured.passes())
        .containsExactly(new Cost(10, 20), new Cost(20, 40), new Cost(30, 60));
  }

  @Test
  void median_oneSlowPass_isNotMovedByIt() {
    Measurement measured =
        new Measurement(List.of(new Cost(5, 9), new Cost(1_000, 8), new Cost(4, 2_000)));

    assertThat(measured.median()).isEqualTo(new Cost(5, 9));
  }

  @Test
  void best_differentPasses_leastOfEach() {
    Measurement measured = new Measurement(List.of(new Cost(5, 9), new Cost(6, 8), new Cost(7, 7)));

    assertThat(measured.best()).isEqualTo(new Cost(5, 7));
  }

  @Test
  void passes_noneCounted_refused() {
    assertThatThrownBy(() -> new Passes(1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Passes(-1, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ofThread_work_countsCpuTimeOfThisThread() {
    Measurement measured =
        Measurement.of(
            new Passes(0, 1), Measurement.Clock.ofThread(), () -> Streams.bareCtr(64 << 20));

    assertThat(measured.best().cpuNanos()).isPositive();
    assertThat(measured.best().wallNanos()).isPositive();
  }

  /** Time passes only by work: CPU time as given, and twice as much wall time. */
  private static final class WorkClock implements Measurement.Clock {
    private final Deque<Long> costs = new ArrayDeque<>();
    private long now;

    WorkClock(long... costs) {
      for (long cost : costs) {
        this.costs.add(cost);
      }
    }

    void work() {
      now += costs.remove();
    }

    @Override
    public long cpuNanos() {
      return now;
    }

    @Override
    public long wallNanos() {
      return 2 * now;
    }
  }
}
