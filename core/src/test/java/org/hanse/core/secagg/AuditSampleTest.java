package org.hanse.core.secagg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditSampleTest {
  private final RandomGenerator random = new SplittableRandom(5);

  @ParameterizedTest
  @CsvSource({"1, 8, 1", "8, 8, 8", "9, 8, 8", "4000, 8, 8", "5, 0, 0", "3, 1, 1"})
  void choose_wanted_thatManyDifferentChunks(long chunks, int wanted, int expected) {
    assertThat(AuditSample.choose(chunks, wanted, bound -> random.nextLong(bound)))
        .hasSize(expected)
        .allMatch(chunk -> chunk >= 0 && chunk < chunks);
  }

  /** 30,000 draws of 2 from 5: each chunk 12,000 times, standard deviation below 85. */
  @Test
  void choose_manyTimes_everyChunkAsOftenAsAnyOther() {
    Map<Long, Integer> counts = new HashMap<>();
    for (int i = 0; i < 30_000; i++) {
      AuditSample.choose(5, 2, bound -> random.nextLong(bound))
          .forEach(chunk -> counts.merge(chunk, 1, Integer::sum));
    }

    assertThat(counts).hasSize(5);
    assertThat(counts.values()).allMatch(count -> Math.abs(count - 12_000) < 6 * 85);
  }
}
