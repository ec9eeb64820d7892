package org.hanse.client.trainer;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.hanse.core.plan.LocalOptimizer;
import org.hanse.core.plan.ModelDescription;
import org.hanse.core.vector.FloatVector;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One network object, used again for round after round of one model and optimizer. */
final class Dl4jNetwork implements AutoCloseable {
  private static final int EVALUATION_BATCH = 256;

  /** DL4J's own floor under a probability whose logarithm is taken. */
  private static final double MINIMUM_PROBABILITY = 1e-10;

  private final ModelDescription model;
  private final LocalOptimizer optimizer;
  private final ParameterMapping mapping;
  private final MultiLayerNetwork network;

  Dl4jNetwork(ModelDescription model, LocalOptimizer optimizer) {
    this.model = model;
    this.optimizer = optimizer;
    this.mapping = ParameterMapping.of(model);
    this.network = new MultiLayerNetwork(NetworkConfiguration.of(model, optimizer));
    network.init();
    if (network.numParams() != model.layout().parameterCount()) {
      throw new IllegalStateException(
          "DL4J counts "
              + network.numParams()
              + " parameters, the layout "
              + model.layout().parameterCount());
    }
  }

  ModelDescription model() {
    return model;
  }

  LocalOptimizer optimizer() {
    return optimizer;
  }

  /** Takes over parameters, and forgets the optimizer's state and step count. */
  void load(FloatVector parameters) {
    mapping.toEngine(parameters, flatParameters());
    INDArray optimizerState = network.getUpdater().getStateViewArray();
    if (optimizerState != null) {
      optimizerState.assign(0);
    }
    network.getLayerWiseConfigurations().setIterationCount(0);
    network.getLayerWiseConfigurations().setEpochCount(0);
  }

  FloatVector parameters() {
    return mapping.toCanonical(flatParameters());
  }

  /**
   * One pass over the source in its present order; the last batch may be short.
   *
   * @param cancelled asked before each batch
   * @throws CancellationException once it is true
   */
  void trainEpoch(BatchSource source, int batchSize, BooleanSupplier cancelled) {
    int size = source.table().size();
    for (int from = 0; from < size; from += batchSize) {
      stopIf(cancelled);
      int to = Math.min(size, from + batchSize);
      network.fit(source.features(from, to), source.classes(from, to));
    }
  }

  /**
   * Measures the loaded parameters over the source, whose records must stand in table order.
   *
   * @param cancelled as of {@link #trainEpoch}
   */
  Evaluation evaluate(BatchSource source, BooleanSupplier cancelled) {
    RecordTable table = source.table();
    double lossSum = 0;
    long correct = 0;
    for (int from = 0; from < table.size(); from += EVALUATION_BATCH) {
      stopIf(cancelled);
      int to = Math.min(table.size(), from + EVALUATION_BATCH);
      float[][] probabilities = network.output(source.features(from, to), false).toFloatMatrix();
      for (int i = 0; i < probabilities.length; i++) {
        int label = table.label(from + i);
        double probability = probabilities[i][label];
        lossSum -= Math.log(probability < MINIMUM_PROBABILITY ? MINIMUM_PROBABILITY : probability);
        if (mostProbable(probabilities[i]) == label) {
          correct++;
        }
      }
    }
    return new Evaluation(lossSum / table.size(), (double) correct / table.size(), table.size());
  }

  @Override
  public void close() {
    network.close();
  }

  private static void stopIf(BooleanSupplier cancelled) {
    if (cancelled.getAsBoolean()) {
      throw new CancellationException();
    }
  }

  private MemorySegment flatParameters() {
    return MemorySegment.ofBuffer(network.params().data().asNioFloat());
  }

  /** The first of the largest. */
  private static int mostProbable(float[] probabilities) {
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      if (probabilities[i] > probabilities[best]) {
        best = i;
      }
    }
    return best;
  }
}
