package org.hanse.client.trainer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.hanse.core.plan.DataContract;

/** Seeded records, features 0 to 1 and any class, as values and as a CSV file. */
final class RandomRecords {
  private final double[][] features;
  private final int[] labels;
  private final int classes;

  private RandomRecords(double[][] features, int[] labels, int classes) {
    this.features = features;
    this.labels = labels;
    this.classes = classes;
  }

  static RandomRecords of(int rows, int featureCount, int classes, long seed) {
    SplitMix64 random = new SplitMix64(seed);
    double[][] features = new double[rows][featureCount];
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < featureCount; i++) {
        features[row][i] = random.nextInt(1001) / 1000.0;
      }
      labels[row] = random.nextInt(classes);
    }
    return new RandomRecords(features, labels, classes);
  }

  double[][] features() {
    return features;
  }

  int[] labels() {
    return labels;
  }

  DataContract contract() {
    List<DataContract.Feature> columns =
        IntStream.range(0, features[0].length)
            .mapToObj(i -> new DataContract.Feature("f" + i, 0, 1))
            .toList();
    List<String> names = IntStream.range(0, classes).mapToObj(i -> "class " + i).toList();
    return new DataContract("random", columns, "label", names, 1);
  }

  DatasetFile write(Path directory) throws IOException {
    StringBuilder csv = new StringBuilder("label");
    for (int i = 0; i < features[0].length; i++) {
      csv.append(",f").append(i);
    }
    csv.append('\n');
    for (int row = 0; row < features.length; row++) {
      csv.append("class ").append(labels[row]);
      for (double value : features[row]) {
        csv.append(String.format(Locale.ROOT, ",%.3f", value));
      }
      csv.append('\n');
    }
    Path file = Files.createTempFile(directory, "records", ".csv");
    Files.writeString(file, csv, StandardCharsets.UTF_8);
    return new DatasetFile(DatasetFile.CSV, file);
  }
}
