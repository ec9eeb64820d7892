package org.hanse.client.config.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The job files of examples/, with and without somebody to take part. */
public final class ExampleJobs {
  public static final Path EXAMPLES = Path.of("..", "examples");
  public static final String DIGITS = "digits-cnn/job.yaml";
  public static final String BREAST_CANCER = "breast-cancer-mlp/job.yaml";

  private ExampleJobs() {}

  /** Sixty-four digits that differ from number to number. */
  public static String fingerprint(int number) {
    return String.format(Locale.ROOT, "%064x", 0xf00d + number);
  }

  /** The example's text with a coordinator and so many members. */
  public static String withMembers(String example, int members) throws IOException {
    StringBuilder lines = new StringBuilder("coordinator: " + fingerprint(0) + "\n  members:\n");
    for (int i = 1; i <= members; i++) {
      lines.append(
          "    - { site: site-%d, organisation: Hospital %d, signing-key: %s }%n"
              .formatted(i, i, fingerprint(i)));
    }
    String text = Files.readString(EXAMPLES.resolve(example));
    String filled = text.replace("# coordinator: 0123...cdef\n", lines);
    if (filled.equals(text)) {
      throw new IllegalStateException("no place for members in " + example);
    }
    return filled;
  }
}
