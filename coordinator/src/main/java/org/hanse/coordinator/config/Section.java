package org.hanse.coordinator.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of a configuration file. Each reader notes what it was asked for, so that {@link
 * #finish} can name the keys that nobody knows; problems are collected, not thrown.
 */
final class Section {
  private final String name;
  private final Map<?, ?> values;
  private final List<String> problems;
  private final Set<String> known = new HashSet<>();

  Section(String name, Map<?, ?> values, List<String> problems) {
    this.name = name;
    this.values = values;
    this.problems = problems;
  }

  Section section(String key) {
    Object value = value(key);
    if (value instanceof Map<?, ?> map) {
      return new Section(name + key + ".", map, problems);
    }
    problems.add(
        value == null ? name + key + " is missing" : name + key + " must be a mapping of keys");
    // What is not there has been said; its keys are not asked for one by one.
    return new Section(name + key + ".", Map.of(), new ArrayList<>());
  }

  /** Empty if it is not there. */
  Optional<Section> optionalSection(String key) {
    return value(key) == null ? Optional.empty() : Optional.of(section(key));
  }

  Optional<String> text(String key) {
    Object value = value(key);
    if (value instanceof String text && !text.isBlank()) {
      return Optional.of(text);
    }
    problems.add(value == null ? name + key + " is missing" : name + key + " must be a text");
    return Optional.empty();
  }

  /** A path, taken relative to {@code directory}. */
  Path path(String key, Path directory) {
    return text(key).map(directory::resolve).map(Path::normalize).orElse(directory);
  }

  int integer(String key, int defaultValue, int min, int max) {
    Object value = value(key);
    if (value == null) {
      return defaultValue;
    }
    if (value instanceof Integer number && number >= min && number <= max) {
      return number;
    }
    problems.add(name + key + " must be a whole number from " + min + " to " + max);
    return defaultValue;
  }

  boolean flag(String key, boolean defaultValue) {
    Object value = value(key);
    if (value == null) {
      return defaultValue;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    problems.add(name + key + " must be true or false");
    return defaultValue;
  }

  /** Complains of every key that was not asked for. */
  void finish() {
    for (Object key : values.keySet()) {
      String text = String.valueOf(key);
      if (!known.contains(text)) {
        problems.add(
            "unknown key "
                + name
                + text
                + Spelling.nearest(text, new TreeSet<>(known))
                    .map(near -> "; did you mean " + near + "?")
                    .orElse(""));
      }
    }
  }

  private @Nullable Object value(String key) {
    known.add(key);
    return values.get(key);
  }
}
