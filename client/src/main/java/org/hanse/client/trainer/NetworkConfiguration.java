package org.hanse.client.trainer;

import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.hanse.core.plan.LayerSpec;
import org.hanse.core.plan.LocalOptimizer;
import org.hanse.core.plan.ModelDescription;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Builds DL4J's configuration from a model description: in code, never from JSON, which would name
 * classes. Images run as [batch, channels, height, width].
 */
final class NetworkConfiguration {
  private static final double ADAM_BETA1 = 0.9;
  private static final double ADAM_BETA2 = 0.999;
  private static final double ADAM_EPSILON = 1e-8;

  private NetworkConfiguration() {}

  static MultiLayerConfiguration of(ModelDescription model, LocalOptimizer optimizer) {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder()
            .weightInit(WeightInit.ZERO) // parameters always come from outside
            .updater(updater(optimizer))
            .list();
    for (LayerSpec layer : model.layers()) {
      add(layer, layers);
    }
    return layers.setInputType(inputType(model.inputShape())).build();
  }

  private static void add(LayerSpec layer, NeuralNetConfiguration.ListBuilder layers) {
    switch (layer) {
      case LayerSpec.Conv2d conv ->
          layers.layer(
              new ConvolutionLayer.Builder(conv.kernel(), conv.kernel())
                  .stride(conv.stride(), conv.stride())
                  .convolutionMode(
                      conv.samePadding() ? ConvolutionMode.Same : ConvolutionMode.Truncate)
                  .nOut(conv.channels())
                  .activation(activation(conv.activation()))
                  .build());
      case LayerSpec.MaxPool2d pool ->
          layers.layer(
              new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                  .kernelSize(pool.size(), pool.size())
                  .stride(pool.stride(), pool.stride())
                  .convolutionMode(ConvolutionMode.Truncate)
                  .build());
      case LayerSpec.Flatten flatten -> {
        // DL4J puts its own step, channel-major like ours, before the next dense layer.
      }
      case LayerSpec.Dropout dropout ->
          layers.layer(new DropoutLayer.Builder(1 - dropout.rate()).build());
      case LayerSpec.Dense dense ->
          layers.layer(
              new DenseLayer.Builder()
                  .nOut(dense.units())
                  .activation(activation(dense.activation()))
                  .build());
      case LayerSpec.SoftmaxOutput output ->
          layers.layer(
              new OutputLayer.Builder(LossFunction.MCXENT)
                  .nOut(output.classes())
                  .activation(Activation.SOFTMAX)
                  .build());
    }
  }

  private static IUpdater updater(LocalOptimizer optimizer) {
    return switch (optimizer) {
      case LocalOptimizer.Sgd sgd when sgd.momentum() == 0 -> new Sgd(sgd.learningRate());
      case LocalOptimizer.Sgd sgd -> new Nesterovs(sgd.learningRate(), sgd.momentum());
      case LocalOptimizer.Adam adam ->
          new Adam(adam.learningRate(), ADAM_BETA1, ADAM_BETA2, ADAM_EPSILON);
    };
  }

  private static Activation activation(org.hanse.core.plan.Activation activation) {
    return switch (activation) {
      case IDENTITY -> Activation.IDENTITY;
      case RELU -> Activation.RELU;
      case SIGMOID -> Activation.SIGMOID;
      case TANH -> Activation.TANH;
    };
  }

  /** Shapes are [features] or [height, width, channels]. */
  private static InputType inputType(List<Integer> shape) {
    return shape.size() == 1
        ? InputType.feedForward(shape.get(0))
        : InputType.convolutional(shape.get(0), shape.get(1), shape.get(2));
  }
}
