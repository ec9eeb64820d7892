package org.hanse.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import org.hanse.core.plan.ModelSelection.Goal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelSelectionTest {
  @ParameterizedTest
  @CsvSource({
    "MINIMIZE, 0, 0.49, true",
    "MINIMIZE, 0, 0.5, false",
    "MINIMIZE, 0, 0.51, false",
    "MINIMIZE, 0.25, 0.25, false",
    "MINIMIZE, 0.25, 0.24, true",
    "MAXIMIZE, 0, 0.51, true",
    "MAXIMIZE, 0, 0.5, false",
    "MAXIMIZE, 0.25, 0.75, false",
    "MAXIMIZE, 0.25, 0.76, true"
  })
  void improves_onTheBest_ofAHalf(Goal goal, double minimumChange, double value, boolean better) {
    assertThat(selection(goal, minimumChange, 1).improves(value, 0.5)).isEqualTo(better);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e-9, Double.NaN, Double.POSITIVE_INFINITY})
  void minimumChange_notAFiniteAmount_refused(double change) {
    assertThatThrownBy(() -> selection(Goal.MINIMIZE, change, 1))
        .hasMessage("minimum change must be 0 or more and finite, not " + change);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1_000_001})
  void patience_outOfRange_refused(long patience) {
    assertThatThrownBy(() -> selection(Goal.MINIMIZE, 0, patience))
        .hasMessageContaining("patience");
  }

  @Test
  void metric_thatIsNoName_refused() {
    assertThatThrownBy(() -> new ModelSelection("a b", Goal.MINIMIZE, 0, OptionalLong.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ModelSelection selection(Goal goal, double minimumChange, long patience) {
    return new ModelSelection("training-loss", goal, minimumChange, OptionalLong.of(patience));
  }
}
