package org.hanse.core.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a site's table must hold before round 1. Features are scaled from their range to 0..1.
 *
 * @param name the logical data set that each site maps to its own file
 * @param features in input order, names unique, 1 to 100,000
 * @param label column whose text is one of {@code classes}
 * @param classes 2 or more, unique; a record's class is the index in this list
 * @param minimumRows least number of usable records, at least 1
 */
public record DataContract(
    String name, List<Feature> features, String label, List<String> classes, int minimumRows) {

  /**
   * A numeric column.
   *
   * @param minimum finite
   * @param maximum finite, above {@code minimum}; a value outside makes its record unusable
   */
  public record Feature(String column, double minimum, double maximum) {
    public Feature {
      Limits.text("column", column, Limits.MAX_TEXT_LENGTH);
      if (!Double.isFinite(minimum) || !Double.isFinite(maximum) || !(minimum < maximum)) {
        throw new IllegalArgumentException(
            "range of column " + column + " must be finite and ascending");
      }
    }
  }

  public DataContract {
    Names.check("data contract name", name);
    features = List.copyOf(features);
    classes = List.copyOf(classes);
    Limits.inRange("features", features.size(), 1, Limits.MAX_COLUMNS);
    Limits.text("label column", label, Limits.MAX_TEXT_LENGTH);
    Limits.inRange("classes", classes.size(), 2, Limits.MAX_CLASSES);
    Limits.inRange("minimum rows", minimumRows, 1, Integer.MAX_VALUE);
    Set<String> columns = new HashSet<>(Set.of(label));
    for (Feature feature : features) {
      if (!columns.add(feature.column())) {
        throw new IllegalArgumentException("column listed twice: " + feature.column());
      }
    }
    if (new HashSet<>(classes).size() != classes.size()) {
      throw new IllegalArgumentException("class listed twice");
    }
    for (String className : classes) {
      Limits.text("class", className, Limits.MAX_TEXT_LENGTH);
    }
  }
}
