package org.hanse.client.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.hanse.core.plan.Activation;
import org.hanse.core.plan.LayerSpec;
import org.hanse.core.plan.ModelDescription;
import org.hanse.core.plan.TensorSpec;
import org.hanse.core.vector.FloatVector;
import org.junit.jupiter.api.Test;

class InitialParametersTest {
  private static final ModelDescription MODEL =
      new ModelDescription(
          List.of(8, 8, 3),
          List.of(
              new LayerSpec.Conv2d(16, 3, 1, true, Activation.RELU),
              new LayerSpec.MaxPool2d(2, 2),
              new LayerSpec.Flatten(),
              new LayerSpec.Dropout(0.5),
              new LayerSpec.Dense(40, Activation.TANH),
              new LayerSpec.SoftmaxOutput(10)));

  @Test
  void of_sameSeed_sameBits() {
    assertThat(InitialParameters.of(MODEL, 7).toArray())
        .isEqualTo(InitialParameters.of(MODEL, 7).toArray());
  }

  @Test
  void of_otherSeed_otherBits() {
    assertThat(InitialParameters.of(MODEL, 7).toArray())
        .isNotEqualTo(InitialParameters.of(MODEL, 8).toArray());
  }

  @Test
  void of_everyTensor_weightsFillTheirBoundAndBiasesAreZero() {
    FloatVector parameters = InitialParameters.of(MODEL, 7);
    // He: sqrt(6 / fan-in); Glorot: sqrt(6 / (fan-in + fan-out)).
    double[] bounds = {
      Math.sqrt(6.0 / 27), 0, Math.sqrt(6.0 / (256 + 40)), 0, Math.sqrt(6.0 / (40 + 10)), 0
    };

    int offset = 0;
    for (int t = 0; t < bounds.length; t++) {
      TensorSpec tensor = MODEL.layout().tensors().get(t);
      float largest = 0;
      for (int i = 0; i < tensor.elementCount(); i++) {
        largest = Math.max(largest, Math.abs(parameters.get(offset++)));
      }
      assertThat(largest)
          .as(tensor.name())
          .isBetween((float) (0.95 * bounds[t]), (float) bounds[t]);
    }
    assertThat(offset).isEqualTo((int) parameters.size());
  }
}
