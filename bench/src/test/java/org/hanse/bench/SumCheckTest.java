package org.hanse.bench;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.hanse.core.plan.Ring;
import org.hanse.core.vector.Chunking;
import org.junit.jupiter.api.Test;

class SumCheckTest {
  @Test
  void requireSum_oneElementOff_fails() {
    SeededUpdate update = new SeededUpdate(new Chunking(100, 10), Ring.Z32, 3, 1);
    SumCheck check = new SumCheck(List.of(update, update));
    int[] sum = update.read(4);
    Streams.bareAdd(sum, update.read(4));
    check.requireSum(4, sum);

    sum[9]++;

    assertThatThrownBy(() -> check.requireSum(4, sum)).isInstanceOf(IllegalStateException.class);
  }
}
