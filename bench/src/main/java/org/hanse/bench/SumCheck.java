package org.hanse.bench;

import java.util.Arrays;
import java.util.List;

/**
 * Whether the coordinator's sum is the sum of the updates: a fast wrong result is no result.
 *
 * @param counted updates of the sites that uploaded
 */
record SumCheck(List<SeededUpdate> counted) {
  /**
   * Compares one chunk.
   *
   * @throws IllegalStateException if an element differs
   */
  void requireSum(long chunk, int[] sum) {
    int[] expected = new int[sum.length];
    counted.forEach(update -> Streams.bareAdd(expected, update.read(chunk)));
    if (!Arrays.equals(sum, expected)) {
      throw new IllegalStateException("the sum of chunk " + chunk + " is wrong");
    }
  }
}
