package org.hanse.client.trainer;

import java.nio.file.Path;

/**
 * Where a data set of this site lies.
 *
 * @param kind how to read it; {@link #CSV} is known
 */
public record DatasetFile(String kind, Path path) {
  /** Comma-separated values with a header, UTF-8. */
  public static final String CSV = "csv";
}
