package org.hanse.client.trainer;

import org.hanse.core.plan.Activation;
import org.hanse.core.plan.LayerSpec;
import org.hanse.core.plan.LayerSpec.Conv2d;
import org.hanse.core.plan.LayerSpec.Dense;
import org.hanse.core.plan.LayerSpec.SoftmaxOutput;
import org.hanse.core.plan.ModelDescription;
import org.hanse.core.plan.TensorSpec;
import org.hanse.core.vector.FloatVector;

/**
 * Parameters before any training, made without the engine so that a seed gives the same bits
 * everywhere. Weights are uniform within He's bound before a ReLU (He et al. 2015) and Glorot's
 * elsewhere (Glorot and Bengio 2010); biases are zero.
 */
final class InitialParameters {
  private InitialParameters() {}

  static FloatVector of(ModelDescription model, long seed) {
    SplitMix64 random = new SplitMix64(seed);
    FloatVector parameters = FloatVector.allocate(model.layout().parameterCount());
    long offset = 0;
    for (TensorSpec tensor : model.layout().tensors()) {
      long count = tensor.elementCount();
      if (tensor.shape().size() > 1) {
        double bound = bound(tensor, activation(layerOf(tensor, model)));
        for (long i = offset; i < offset + count; i++) {
          parameters.set(i, (float) ((2 * random.nextDouble() - 1) * bound));
        }
      }
      offset += count;
    }
    return parameters;
  }

  /** Weight shapes are [out, in] or [out, in, kernel, kernel]. */
  private static double bound(TensorSpec weight, Activation activation) {
    long receptiveField = weight.shape().stream().skip(2).reduce(1L, (a, b) -> a * b);
    double fanIn = (double) weight.shape().get(1) * receptiveField;
    double fanOut = (double) weight.shape().get(0) * receptiveField;
    return activation == Activation.RELU ? Math.sqrt(6 / fanIn) : Math.sqrt(6 / (fanIn + fanOut));
  }

  private static Activation activation(LayerSpec layer) {
    return switch (layer) {
      case Conv2d conv -> conv.activation();
      case Dense dense -> dense.activation();
      case SoftmaxOutput output -> Activation.IDENTITY;
      case LayerSpec.MaxPool2d pool -> throw new IllegalStateException("tensor of " + pool);
      case LayerSpec.Flatten flatten -> throw new IllegalStateException("tensor of " + flatten);
      case LayerSpec.Dropout dropout -> throw new IllegalStateException("tensor of " + dropout);
    };
  }

  /** Tensors are named {@code layers.<index>.<kind>}. */
  private static LayerSpec layerOf(TensorSpec tensor, ModelDescription model) {
    return model.layers().get(Integer.parseInt(tensor.name().split("\\.", -1)[1]));
  }
}
