package org.hanse.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ModelLayoutTest {
  private static final long MOST = 1L << 37;

  @Test
  void parameterCount_severalTensors_isTheirSum() {
    assertThat(
            new ModelLayout(List.of(TensorSpec.of("a", 8, 1, 3, 3), TensorSpec.of("b", 8)))
                .parameterCount())
        .isEqualTo(80);
  }

  @Test
  void tensor_largestProduct_isAccepted() {
    assertThat(TensorSpec.of("t", MOST).elementCount()).isEqualTo(MOST);
    assertThat(TensorSpec.of("t", 1L << 20, 1L << 17).elementCount()).isEqualTo(MOST);
    assertThat(TensorSpec.of("t", 1, 1, 1, 1, 1, 1, 1, 2).elementCount()).isEqualTo(2);
  }

  /** Among them products that are 0 or small modulo 2^64. */
  @Test
  void tensor_productTooLarge_isRefusedWithoutOverflow() {
    for (long[] shape :
        new long[][] {
          {MOST + 1},
          {MOST, 2},
          {1L << 32, 1L << 32},
          {MOST, MOST, MOST, MOST},
          {1L << 20, (1L << 17) + 1},
          {3_037_000_500L, 3_037_000_500L},
          {Long.MAX_VALUE, 2}
        }) {
      assertThatThrownBy(() -> TensorSpec.of("t", shape))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("extent of t must be from 1 to ");
    }
  }

  @Test
  void tensor_brokenRule_isRefused() {
    assertThatThrownBy(() -> TensorSpec.of("t", 0))
        .hasMessage("extent of t must be from 1 to 137438953472, not 0");
    assertThatThrownBy(() -> TensorSpec.of("t", 4, -1))
        .hasMessage("extent of t must be from 1 to 137438953472, not -1");
    assertThatThrownBy(() -> TensorSpec.of("t")).hasMessage("rank of t must be from 1 to 8, not 0");
    assertThatThrownBy(() -> TensorSpec.of("t", 1, 1, 1, 1, 1, 1, 1, 1, 1))
        .hasMessage("rank of t must be from 1 to 8, not 9");
    assertThatThrownBy(() -> TensorSpec.of("", 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TensorSpec.of("x".repeat(201), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void layout_totalTooLarge_isRefused() {
    TensorSpec half = TensorSpec.of("a", MOST / 2);

    assertThat(new ModelLayout(List.of(half, TensorSpec.of("b", MOST / 2))).parameterCount())
        .isEqualTo(MOST);
    assertThatThrownBy(() -> new ModelLayout(List.of(half, TensorSpec.of("b", MOST / 2 + 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parameters must be from 1 to 137438953472, not 137438953473");
  }

  @Test
  void layout_manyLargestTensors_areRefusedWithoutOverflow() {
    List<TensorSpec> tensors =
        IntStream.range(0, Limits.MAX_TENSORS).mapToObj(i -> TensorSpec.of("t" + i, MOST)).toList();

    assertThatThrownBy(() -> new ModelLayout(tensors))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("parameters must be from 1 to ");
  }

  @Test
  void layout_brokenRule_isRefused() {
    TensorSpec tensor = TensorSpec.of("t", 1);

    assertThatThrownBy(() -> new ModelLayout(List.of(tensor, tensor)))
        .hasMessage("tensor named twice: t");
    assertThatThrownBy(() -> new ModelLayout(List.of()))
        .hasMessage("number of tensors must be from 1 to 10000, not 0");
    assertThatThrownBy(() -> new ModelLayout(Collections.nCopies(10_001, tensor)))
        .hasMessage("number of tensors must be from 1 to 10000, not 10001");
  }
}
