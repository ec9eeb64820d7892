package org.hanse.core.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.hanse.core.plan.ServerUpdate;
import org.hanse.core.vector.FloatVector;
import org.junit.jupiter.api.Test;

final class ServerOptimizerTest {
  @Test
  void next_fedAvg_addsScaledAverageInFloat64() {
    ServerOptimizer optimizer = ServerOptimizer.of(new ServerUpdate.FedAvg(0.5));
    assertThat(optimizer.next(new float[] {1, -2, 0}, new double[] {1, 1e-3, -4}).orElseThrow())
        .containsExactly(1.5f, (float) (-2 + 0.5e-3), -2f);
  }

  @Test
  void next_averageBelowFloatPrecision_isRoundedOnceAtTheEnd() {
    ServerOptimizer optimizer = ServerOptimizer.of(new ServerUpdate.FedAvg(1));
    // 2^24 + 1 lies between two floats and rounds to even; a little more must round up, though the
    // little is lost if the average itself is rounded first.
    assertThat(optimizer.next(new float[] {16_777_216f}, new double[] {1}).orElseThrow()[0])
        .isEqualTo(16_777_216f);
    assertThat(optimizer.next(new float[] {16_777_216f}, new double[] {1 + 1e-8}).orElseThrow()[0])
        .isEqualTo(16_777_218f);
  }

  @Test
  void apply_chunkByChunk_equalsWholeVector() {
    ServerOptimizer optimizer = ServerOptimizer.of(new ServerUpdate.FedAvg(0.7));
    Random random = new Random(4);
    float[] start = new float[1000];
    double[] averages = random.doubles(1000, -1, 1).toArray();
    for (int i = 0; i < start.length; i++) {
      start[i] = random.nextFloat();
    }
    FloatVector model = FloatVector.of(start);
    FloatVector next = FloatVector.allocate(1000);
    for (int first = 0; first < 1000; first += 130) {
      int end = Math.min(first + 130, 1000);
      assertThat(
              optimizer.apply(
                  model, first, java.util.Arrays.copyOfRange(averages, first, end), next))
          .isTrue();
    }
    assertThat(next.toArray()).isEqualTo(optimizer.next(start, averages).orElseThrow());
    assertThat(model.toArray()).isEqualTo(start);
  }

  @Test
  void next_aValueIsNotFinite_givesNone() {
    ServerOptimizer optimizer = ServerOptimizer.of(new ServerUpdate.FedAvg(1e30));
    for (float[] model :
        new float[][] {
          {0, Float.NaN}, {Float.POSITIVE_INFINITY, 0}, {0, Float.NEGATIVE_INFINITY}
        }) {
      assertThat(optimizer.next(model, new double[2])).isEmpty();
    }
    assertThat(optimizer.next(new float[2], new double[] {0, Float.MAX_VALUE / 1e30})).isPresent();
    assertThat(optimizer.next(new float[2], new double[] {0, 1e9})).isEmpty();
    assertThat(optimizer.next(new float[2], new double[] {-1e9, 0})).isEmpty();
    assertThat(optimizer.next(new float[2], new double[] {0, 1e300})).isEmpty();
  }

  @Test
  void apply_aValueIsNotFinite_writesNothing() {
    ServerOptimizer optimizer = ServerOptimizer.of(new ServerUpdate.FedAvg(1e30));
    FloatVector model = FloatVector.of(1, 2, 3);

    assertThat(optimizer.apply(model, 1, new double[] {1, 1e9}, model)).isFalse();

    assertThat(model.toArray()).containsExactly(1, 2, 3);
  }

  @Test
  void next_lengthsDiffer_isRefused() {
    ServerOptimizer optimizer = ServerOptimizer.of(new ServerUpdate.FedAvg(1));
    assertThatThrownBy(() -> optimizer.next(new float[2], new double[3]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
