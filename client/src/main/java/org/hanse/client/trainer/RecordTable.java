package org.hanse.client.trainer;

/**
 * The usable records of a data set, features scaled to 0..1. Immutable by convention: nobody writes
 * to the arrays.
 */
final class RecordTable {
  private final float[] features;
  private final int[] labels;
  private final int classCount;

  /**
   * Takes over both arrays.
   *
   * @param features record after record, each in the contract's order
   * @param labels the class of each record, 0 to {@code classCount - 1}; at least one
   */
  RecordTable(float[] features, int[] labels, int classCount) {
    if (labels.length == 0 || features.length % labels.length != 0) {
      throw new IllegalArgumentException(
          features.length + " features do not make " + labels.length + " records");
    }
    this.features = features;
    this.labels = labels;
    this.classCount = classCount;
  }

  int size() {
    return labels.length;
  }

  int featureCount() {
    return features.length / labels.length;
  }

  int classCount() {
    return classCount;
  }

  int label(int row) {
    return labels[row];
  }

  /** Copies a record's features to {@code target} from {@code offset} on. */
  void copyFeatures(int row, float[] target, int offset) {
    System.arraycopy(features, row * featureCount(), target, offset, featureCount());
  }
}
