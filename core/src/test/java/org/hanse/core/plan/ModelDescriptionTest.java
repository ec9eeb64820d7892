package org.hanse.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelDescriptionTest {
  private static final List<Integer> ROW = List.of(7);

  /** Height 9, width 6, two channels. */
  private static final List<Integer> IMAGE = List.of(9, 6, 2);

  private static final LayerSpec OUTPUT = new LayerSpec.SoftmaxOutput(3);
  private static final LayerSpec FLATTEN = new LayerSpec.Flatten();

  private static List<TensorSpec> tensors(List<Integer> inputs, LayerSpec... layers) {
    return new ModelDescription(inputs, List.of(layers)).layout().tensors();
  }

  private static LayerSpec conv(int channels, int kernel, int stride, boolean same) {
    return new LayerSpec.Conv2d(channels, kernel, stride, same, Activation.RELU);
  }

  private static LayerSpec dense(int units) {
    return new LayerSpec.Dense(units, Activation.RELU);
  }

  /** The width of what reaches the output layer after {@code layer} on an image. */
  private static long flattened(LayerSpec layer) {
    return tensors(IMAGE, layer, FLATTEN, OUTPUT).reversed().get(1).shape().get(1);
  }

  @Test
  void layout_outputAlone_isOneFullyConnectedLayer() {
    assertThat(tensors(ROW, OUTPUT))
        .containsExactly(TensorSpec.of("layers.0.weight", 3, 7), TensorSpec.of("layers.0.bias", 3));
  }

  @Test
  void layout_dense_takesTheRowBeforeIt() {
    assertThat(tensors(ROW, dense(5), dense(4), OUTPUT))
        .containsExactly(
            TensorSpec.of("layers.0.weight", 5, 7),
            TensorSpec.of("layers.0.bias", 5),
            TensorSpec.of("layers.1.weight", 4, 5),
            TensorSpec.of("layers.1.bias", 4),
            TensorSpec.of("layers.2.weight", 3, 4),
            TensorSpec.of("layers.2.bias", 3));
  }

  @Test
  void layout_dropout_keepsTheShapeAndHasNoTensors() {
    assertThat(tensors(ROW, new LayerSpec.Dropout(0.5), OUTPUT))
        .containsExactly(TensorSpec.of("layers.1.weight", 3, 7), TensorSpec.of("layers.1.bias", 3));
    assertThat(flattened(new LayerSpec.Dropout(0.5))).isEqualTo(9 * 6 * 2);
  }

  @Test
  void layout_conv2d_isChannelsByInputChannelsByKernel() {
    assertThat(tensors(IMAGE, conv(8, 3, 1, true), conv(4, 2, 1, true), FLATTEN, OUTPUT))
        .startsWith(
            TensorSpec.of("layers.0.weight", 8, 2, 3, 3),
            TensorSpec.of("layers.0.bias", 8),
            TensorSpec.of("layers.1.weight", 4, 8, 2, 2),
            TensorSpec.of("layers.1.bias", 4));
  }

  /** Same: ceil(extent / stride). Valid: floor((extent - kernel) / stride) + 1. */
  @ParameterizedTest
  @CsvSource({
    "3, 1, true, 9, 6",
    "3, 2, true, 5, 3",
    "3, 4, true, 3, 2",
    "3, 1, false, 7, 4",
    "3, 2, false, 4, 2",
    "6, 5, false, 1, 1",
    "1, 1, false, 9, 6"
  })
  void layout_conv2d_shrinksHeightAndWidth(
      int kernel, int stride, boolean same, long height, long width) {
    assertThat(flattened(conv(4, kernel, stride, same))).isEqualTo(4 * height * width);
  }

  @ParameterizedTest
  @CsvSource({"2, 2, 4, 3", "2, 1, 8, 5", "3, 2, 4, 2", "6, 1, 4, 1"})
  void layout_maxPool2d_shrinksHeightAndWidth(int size, int stride, long height, long width) {
    assertThat(flattened(new LayerSpec.MaxPool2d(size, stride))).isEqualTo(2 * height * width);
  }

  @Test
  void layout_maxPool2d_hasNoTensors() {
    assertThat(tensors(IMAGE, new LayerSpec.MaxPool2d(2, 2), FLATTEN, OUTPUT)).hasSize(2);
  }

  @Test
  void counts_image_areItsElementsAndTheOutputsClasses() {
    ModelDescription model = new ModelDescription(IMAGE, List.of(FLATTEN, OUTPUT));

    assertThat(model.inputElementCount()).isEqualTo(108);
    assertThat(model.classCount()).isEqualTo(3);
  }

  @Test
  void new_windowLargerThanTheImage_isRefused() {
    assertThatThrownBy(() -> tensors(IMAGE, conv(4, 7, 1, false), FLATTEN, OUTPUT))
        .hasMessage("layers.0: a window of 7 does not fit an image extent of 6");
    assertThatThrownBy(() -> tensors(IMAGE, new LayerSpec.MaxPool2d(10, 1), FLATTEN, OUTPUT))
        .hasMessage("layers.0: a window of 10 does not fit an image extent of 9");
  }

  @Test
  void new_shapesThatDoNotFit_areRefused() {
    assertThatThrownBy(() -> tensors(IMAGE, OUTPUT))
        .hasMessage("layers.0: expects a row; put a flatten layer before it");
    assertThatThrownBy(() -> tensors(IMAGE, dense(2), OUTPUT))
        .hasMessage("layers.0: expects a row; put a flatten layer before it");
    for (LayerSpec layer : List.of(conv(1, 1, 1, true), new LayerSpec.MaxPool2d(1, 1), FLATTEN)) {
      assertThatThrownBy(() -> tensors(ROW, layer, OUTPUT))
          .hasMessage("layers.0: expects an image, not a row");
    }
  }

  @Test
  void new_outputNotLastOrNotOnce_isRefused() {
    String rule = ": the last layer, and only the last, is the output";

    assertThatThrownBy(() -> tensors(ROW, dense(3))).hasMessage("layer 0" + rule);
    assertThatThrownBy(() -> tensors(ROW, OUTPUT, OUTPUT)).hasMessage("layer 0" + rule);
    assertThatThrownBy(() -> tensors(ROW, OUTPUT, dense(3))).hasMessage("layer 0" + rule);
  }

  @Test
  void new_inputsOrLayerCountOutOfRange_isRefused() {
    for (List<Integer> inputs : List.of(List.<Integer>of(), List.of(2, 2), List.of(2, 2, 2, 2))) {
      assertThatThrownBy(() -> tensors(inputs, FLATTEN, OUTPUT))
          .hasMessageStartingWith("inputs must be [features] or [height, width, channels]");
    }
    assertThatThrownBy(() -> tensors(List.of(0), OUTPUT))
        .hasMessage("input extent must be from 1 to 1000000, not 0");
    assertThatThrownBy(() -> tensors(List.of(1, 1, 1_000_001), FLATTEN, OUTPUT))
        .hasMessage("input extent must be from 1 to 1000000, not 1000001");
    assertThatThrownBy(() -> new ModelDescription(ROW, List.of()))
        .hasMessage("layers must be from 1 to 1000, not 0");
    List<LayerSpec> many = new ArrayList<>(Collections.nCopies(Limits.MAX_LAYERS, dense(1)));
    many.add(OUTPUT);
    assertThatThrownBy(() -> new ModelDescription(ROW, many))
        .hasMessage("layers must be from 1 to 1000, not 1001");
  }

  /** 10^10 + 10^11 + 10^11 parameters: each tensor is within its limit, all together are not. */
  @Test
  void new_moreParametersThanTheLimit_isRefused() {
    assertThatThrownBy(
            () -> tensors(List.of(1), dense(10_000), dense(10_000_000), dense(10_000), OUTPUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("parameters must be from 1 to 137438953472");
  }

  @Test
  void layers_outOfRange_areRefused() {
    assertThatThrownBy(() -> conv(0, 1, 1, true)).hasMessageStartingWith("channels");
    assertThatThrownBy(() -> conv(65_537, 1, 1, true)).hasMessageStartingWith("channels");
    assertThatThrownBy(() -> conv(1, 1_025, 1, true)).hasMessageStartingWith("kernel");
    assertThatThrownBy(() -> conv(1, 1, 0, true)).hasMessageStartingWith("stride");
    assertThatThrownBy(() -> new LayerSpec.MaxPool2d(0, 1)).hasMessageStartingWith("pool size");
    assertThatThrownBy(() -> new LayerSpec.MaxPool2d(1, 1_025)).hasMessageStartingWith("stride");
    assertThatThrownBy(() -> dense(10_000_001)).hasMessageStartingWith("units");
    assertThatThrownBy(() -> new LayerSpec.SoftmaxOutput(1)).hasMessageStartingWith("classes");
    for (double rate : new double[] {0, 1, -0.1, Double.NaN}) {
      assertThatThrownBy(() -> new LayerSpec.Dropout(rate))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("dropout rate");
    }
  }
}
