package org.hanse.client.trainer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.hanse.core.plan.LayerSpec;
import org.hanse.core.plan.ModelDescription;
import org.hanse.core.plan.TensorSpec;
import org.hanse.core.vector.FloatVector;

/**
 * Where each canonical tensor lies in DL4J's one flat parameter array. Within a tensor the order is
 * the same: convolution weights are [out, in, kernel, kernel] row-major in both, and DL4J's dense
 * weight, [in, out] column-major, has the bytes of [out, in] row-major. Between tensors it is not:
 * DL4J keeps a convolution's bias before its weight.
 */
final class ParameterMapping {
  private static final ValueLayout.OfFloat CANONICAL =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat ENGINE = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final List<Run> runs;

  private ParameterMapping(List<Run> runs) {
    this.runs = List.copyOf(runs);
  }

  /** Elements that lie together in both. */
  private record Run(long canonical, long engine, long count) {}

  static ParameterMapping of(ModelDescription model) {
    List<Run> runs = new ArrayList<>();
    List<TensorSpec> tensors = model.layout().tensors();
    int next = 0;
    long offset = 0;
    for (LayerSpec layer : model.layers()) {
      Tensors kind = tensors(layer);
      if (kind != Tensors.NONE) {
        long weight = tensors.get(next).elementCount();
        long bias = tensors.get(next + 1).elementCount();
        boolean biasFirst = kind == Tensors.BIAS_FIRST;
        runs.add(new Run(offset, biasFirst ? offset + bias : offset, weight));
        runs.add(new Run(offset + weight, biasFirst ? offset : offset + weight, bias));
        next += 2;
        offset += weight + bias;
      }
    }
    return new ParameterMapping(runs);
  }

  /** What DL4J stores of a layer. */
  private enum Tensors {
    NONE,
    WEIGHT_FIRST,
    BIAS_FIRST
  }

  private static Tensors tensors(LayerSpec layer) {
    return switch (layer) {
      case LayerSpec.Conv2d conv -> Tensors.BIAS_FIRST;
      case LayerSpec.Dense dense -> Tensors.WEIGHT_FIRST;
      case LayerSpec.SoftmaxOutput output -> Tensors.WEIGHT_FIRST;
      case LayerSpec.MaxPool2d pool -> Tensors.NONE;
      case LayerSpec.Flatten flatten -> Tensors.NONE;
      case LayerSpec.Dropout dropout -> Tensors.NONE;
    };
  }

  /** Copies the canonical vector into the engine's array of the same length, native byte order. */
  void toEngine(FloatVector canonical, MemorySegment engine) {
    for (Run run : runs) {
      MemorySegment.copy(
          canonical.segment(),
          CANONICAL,
          run.canonical() * Float.BYTES,
          engine,
          ENGINE,
          run.engine() * Float.BYTES,
          run.count());
    }
  }

  /** Copies the engine's array into a new canonical vector. */
  FloatVector toCanonical(MemorySegment engine) {
    FloatVector canonical = FloatVector.allocate(engine.byteSize() / Float.BYTES);
    for (Run run : runs) {
      MemorySegment.copy(
          engine,
          ENGINE,
          run.engine() * Float.BYTES,
          canonical.segment(),
          CANONICAL,
          run.canonical() * Float.BYTES,
          run.count());
    }
    return canonical;
  }
}
