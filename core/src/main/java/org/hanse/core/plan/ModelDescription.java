package org.hanse.core.plan;

import java.util.ArrayList;
import java.util.List;
import org.hanse.core.plan.LayerSpec.Conv2d;
import org.hanse.core.plan.LayerSpec.Dense;
import org.hanse.core.plan.LayerSpec.Dropout;
import org.hanse.core.plan.LayerSpec.Flatten;
import org.hanse.core.plan.LayerSpec.MaxPool2d;
import org.hanse.core.plan.LayerSpec.SoftmaxOutput;

/**
 * A feed-forward network.
 *
 * @param inputShape [features], or [height, width, channels] for images
 * @param layers 1 to 1,000, the last and only the last a {@link SoftmaxOutput}
 */
public record ModelDescription(List<Integer> inputShape, List<LayerSpec> layers) {
  public ModelDescription {
    inputShape = List.copyOf(inputShape);
    layers = List.copyOf(layers);
    if (inputShape.size() != 1 && inputShape.size() != 3) {
      throw new IllegalArgumentException(
          "inputs must be [features] or [height, width, channels], not " + inputShape);
    }
    for (int extent : inputShape) {
      Limits.inRange("input extent", extent, 1, Limits.MAX_INPUT_EXTENT);
    }
    Limits.inRange("layers", layers.size(), 1, Limits.MAX_LAYERS);
    // Refuses shapes that do not fit and models that are too large.
    new ModelLayout(tensorsOf(inputShape, layers));
  }

  /** Features of one record: the product of the input shape. */
  public long inputElementCount() {
    return inputShape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
  }

  /** Classes that the output layer tells apart, at least 2. */
  public int classCount() {
    return ((SoftmaxOutput) layers.getLast()).classes();
  }

  /** The canonical tensors: {@code layers.<index>.weight} before {@code layers.<index>.bias}. */
  public ModelLayout layout() {
    return new ModelLayout(tensorsOf(inputShape, layers));
  }

  private static List<TensorSpec> tensorsOf(List<Integer> inputShape, List<LayerSpec> layers) {
    List<TensorSpec> tensors = new ArrayList<>();
    Shape shape =
        inputShape.size() == 1
            ? new Shape.Row(inputShape.get(0))
            : new Shape.Image(inputShape.get(2), inputShape.get(0), inputShape.get(1));
    for (int i = 0; i < layers.size(); i++) {
      LayerSpec layer = layers.get(i);
      if (layer instanceof SoftmaxOutput != (i == layers.size() - 1)) {
        throw new IllegalArgumentException(
            "layer " + i + ": the last layer, and only the last, is the output");
      }
      shape = apply("layers." + i, layer, shape, tensors);
    }
    return tensors;
  }

  private static Shape apply(String name, LayerSpec layer, Shape in, List<TensorSpec> tensors) {
    return switch (layer) {
      case Conv2d conv -> {
        Shape.Image image = in.image(name);
        tensors.add(
            TensorSpec.of(
                name + ".weight", conv.channels(), image.channels(), conv.kernel(), conv.kernel()));
        tensors.add(TensorSpec.of(name + ".bias", conv.channels()));
        yield new Shape.Image(
            conv.channels(),
            conv.samePadding()
                ? Math.ceilDiv(image.height(), (long) conv.stride())
                : window(name, image.height(), conv.kernel(), conv.stride()),
            conv.samePadding()
                ? Math.ceilDiv(image.width(), (long) conv.stride())
                : window(name, image.width(), conv.kernel(), conv.stride()));
      }
      case MaxPool2d pool -> {
        Shape.Image image = in.image(name);
        yield new Shape.Image(
            image.channels(),
            window(name, image.height(), pool.size(), pool.stride()),
            window(name, image.width(), pool.size(), pool.stride()));
      }
      case Flatten flatten -> new Shape.Row(in.image(name).elementCount());
      case Dropout dropout -> in;
      case Dense dense -> fullyConnected(name, in, dense.units(), tensors);
      case SoftmaxOutput output -> fullyConnected(name, in, output.classes(), tensors);
    };
  }

  private static Shape fullyConnected(String name, Shape in, int units, List<TensorSpec> tensors) {
    tensors.add(TensorSpec.of(name + ".weight", units, in.row(name).features()));
    tensors.add(TensorSpec.of(name + ".bias", units));
    return new Shape.Row(units);
  }

  private static long window(String name, long extent, int size, int stride) {
    if (extent < size) {
      throw new IllegalArgumentException(
          name + ": a window of " + size + " does not fit an image extent of " + extent);
    }
    return (extent - size) / stride + 1;
  }

  /** What flows between two layers. */
  private sealed interface Shape {
    record Row(long features) implements Shape {}

    record Image(long channels, long height, long width) implements Shape {
      long elementCount() {
        return channels * height * width;
      }
    }

    default Row row(String layer) {
      if (this instanceof Row row) {
        return row;
      }
      throw new IllegalArgumentException(layer + ": expects a row; put a flatten layer before it");
    }

    default Image image(String layer) {
      if (this instanceof Image image) {
        return image;
      }
      throw new IllegalArgumentException(layer + ": expects an image, not a row");
    }
  }
}
