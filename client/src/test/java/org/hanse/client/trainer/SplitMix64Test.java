package org.hanse.client.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitMix64Test {
  /**
   * Source: output of Vigna's splitmix64.c (https://prng.di.unimi.it/splitmix64.c), seed 1234567.
   */
  @Test
  void nextLong_publishedSeed_givesPublishedNumbers() {
    SplitMix64 random = new SplitMix64(1234567);

    assertThat(random.nextLong()).isEqualTo(6457827717110365317L);
    assertThat(random.nextLong()).isEqualTo(3203168211198807973L);
    assertThat(random.nextLong()).isEqualTo(Long.parseUnsignedLong("9817491932198370423"));
    assertThat(random.nextLong()).isEqualTo(4593380528125082431L);
    assertThat(random.nextLong()).isEqualTo(Long.parseUnsignedLong("16408922859458223821"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void nextInt_manyDraws_uniformBelowTheBound(int bound) {
    SplitMix64 random = new SplitMix64(bound);
    int draws = 2000 * bound;
    int[] counts = new int[bound];

    for (int i = 0; i < draws; i++) {
      counts[random.nextInt(bound)]++;
    }

    // Each count has a standard deviation below sqrt(2000) = 45; the seeds are fixed.
    assertThat(Arrays.stream(counts)).allMatch(count -> Math.abs(count - 2000) < 6 * 45);
  }

  @Test
  void nextInt_largestBound_staysBelow() {
    SplitMix64 random = new SplitMix64(1);

    assertThat(IntStream.range(0, 10_000).map(i -> random.nextInt(Integer.MAX_VALUE)))
        .allMatch(value -> value >= 0 && value < Integer.MAX_VALUE);
  }

  @Test
  void nextDouble_manyDraws_fillsTheUnitInterval() {
    SplitMix64 random = new SplitMix64(9);
    double[] draws = IntStream.range(0, 10_000).mapToDouble(i -> random.nextDouble()).toArray();

    assertThat(Arrays.stream(draws).min().orElseThrow()).isBetween(0.0, 0.01);
    assertThat(Arrays.stream(draws).max().orElseThrow()).isBetween(0.99, Math.nextDown(1.0));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 50})
  void permutation_anySize_holdsEachIndexOnce(int size) {
    int[] order = new SplitMix64(4).permutation(size);

    assertThat(Arrays.stream(order).sorted().toArray())
        .isEqualTo(IntStream.range(0, size).toArray());
  }

  @Test
  void permutation_threeElements_everyOrderEquallyOften() {
    SplitMix64 random = new SplitMix64(5);
    int[] counts = new int[27];
    for (int i = 0; i < 6000; i++) {
      int[] order = random.permutation(3);
      counts[order[0] * 9 + order[1] * 3 + order[2]]++;
    }

    assertThat(Arrays.stream(counts).filter(count -> count > 0))
        .hasSize(6)
        .allMatch(count -> Math.abs(count - 1000) < 6 * 29);
  }
}
