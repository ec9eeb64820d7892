package org.hanse.client.trainer;

import java.nio.FloatBuffer;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A table in the engine's memory, in one order of records at a time; batches are views. Rows that
 * arrive as [height, width, channel] are turned into [channel, height, width].
 */
final class BatchSource implements AutoCloseable {
  private final RecordTable table;
  private final List<Integer> inputShape;
  private final int[] featurePositions;
  private final INDArray features;
  private final INDArray classes;

  /**
   * Allocates room for the whole table.
   *
   * @param inputShape [features] or [height, width, channels]
   */
  BatchSource(RecordTable table, List<Integer> inputShape) {
    this.table = table;
    this.inputShape = inputShape;
    this.featurePositions = positions(inputShape);
    long rows = table.size();
    this.features =
        inputShape.size() == 1
            ? Nd4j.create(DataType.FLOAT, rows, inputShape.get(0))
            : Nd4j.create(
                DataType.FLOAT, rows, inputShape.get(2), inputShape.get(0), inputShape.get(1));
    this.classes = Nd4j.create(DataType.FLOAT, rows, table.classCount());
  }

  RecordTable table() {
    return table;
  }

  /** Whether this is that table, laid out for that input shape. */
  boolean holds(RecordTable other, List<Integer> otherInputShape) {
    return table == other && inputShape.equals(otherInputShape);
  }

  /** Puts the records in the given order: a permutation of 0 to size - 1. */
  void arrange(int[] order) {
    int featureCount = table.featureCount();
    float[] row = new float[featureCount];
    float[] arranged = new float[featureCount];
    float[] oneHot = new float[table.classCount()];
    FloatBuffer featureTarget = features.data().asNioFloat();
    FloatBuffer classTarget = classes.data().asNioFloat();
    for (int record : order) {
      table.copyFeatures(record, row, 0);
      for (int i = 0; i < featureCount; i++) {
        arranged[featurePositions[i]] = row[i];
      }
      featureTarget.put(arranged);
      oneHot[table.label(record)] = 1;
      classTarget.put(oneHot);
      oneHot[table.label(record)] = 0;
    }
  }

  /** Features of the records at {@code from} (inclusive) to {@code to} (exclusive). */
  INDArray features(int from, int to) {
    return features.get(NDArrayIndex.interval(from, to));
  }

  /** One-hot classes of the same records. */
  INDArray classes(int from, int to) {
    return classes.get(NDArrayIndex.interval(from, to));
  }

  @Override
  public void close() {
    features.close();
    classes.close();
  }

  /** Where in the engine's row each feature of the contract's row goes. */
  private static int[] positions(List<Integer> inputShape) {
    int channels = inputShape.size() == 1 ? 1 : inputShape.get(2);
    int count = inputShape.stream().reduce(1, (a, b) -> a * b);
    int pixels = count / channels;
    int[] positions = new int[count];
    for (int i = 0; i < count; i++) {
      positions[i] = (i % channels) * pixels + i / channels;
    }
    return positions;
  }
}
