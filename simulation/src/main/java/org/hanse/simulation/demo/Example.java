package org.hanse.simulation.demo;

import java.util.Arrays;
import org.hanse.simulation.deal.Skew;

/** A data set and job that come with the program. */
public enum Example {
  DIGITS(
      "digits",
      "examples/digits-cnn/job.yaml",
      "examples/data/optical-digits/optical-digits.csv",
      Skew.MISSING_CLASSES),
  BREAST_CANCER(
      "breast-cancer",
      "examples/breast-cancer-mlp/job.yaml",
      "examples/data/breast-cancer/breast-cancer.csv",
      Skew.UNEVEN_CLASSES);

  private final String label;
  private final String jobFile;
  private final String records;
  private final Skew skew;

  Example(String label, String jobFile, String records, Skew skew) {
    this.label = label;
    this.jobFile = jobFile;
    this.records = records;
    this.skew = skew;
  }

  /**
   * The example that the command line calls so.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Example ofLabel(String label) {
    for (Example example : values()) {
      if (example.label.equals(label)) {
        return example;
      }
    }
    throw new IllegalArgumentException(
        "expected one of " + Arrays.toString(values()) + ", not \"" + label + '"');
  }

  /** The job file's path in the checkout. */
  String jobFile() {
    return jobFile;
  }

  /** The records' path in the checkout. */
  String records() {
    return records;
  }

  /** How the command line names it. */
  public String label() {
    return label;
  }

  Skew skew() {
    return skew;
  }

  @Override
  public String toString() {
    return label;
  }
}
