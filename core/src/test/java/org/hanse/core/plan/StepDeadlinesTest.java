package org.hanse.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StepDeadlinesTest {
  private static final List<String> STEPS =
      List.of("recruit", "train", "advertise", "share", "upload", "confirm", "release", "verdict");

  private static StepDeadlines of(long... s) {
    return new StepDeadlines(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]);
  }

  @Test
  void new_bounds_areAccepted() {
    long[] least = LongStream.generate(() -> 1).limit(STEPS.size()).toArray();
    long[] most =
        LongStream.generate(() -> Limits.MAX_DEADLINE_SECONDS).limit(STEPS.size()).toArray();

    assertThat(of(least).verdictSeconds()).isEqualTo(1);
    assertThat(of(most).recruitSeconds()).isEqualTo(30 * 24 * 3600);
  }

  @Test
  void new_anyStepOutOfRange_isRefusedByName() {
    for (int step = 0; step < STEPS.size(); step++) {
      for (long wrong : new long[] {0, -1, Limits.MAX_DEADLINE_SECONDS + 1, Long.MAX_VALUE}) {
        long[] seconds = LongStream.generate(() -> 60).limit(STEPS.size()).toArray();
        seconds[step] = wrong;

        assertThatThrownBy(() -> of(seconds))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage(
                "%s deadline (seconds) must be from 1 to 2592000, not %d", STEPS.get(step), wrong);
      }
    }
  }
}
