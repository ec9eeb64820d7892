package org.hanse.client.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Collects what is wrong with a configuration file, so that people see everything at once. */
public final class ConfigProblems {
  private final String file;
  private final List<String> problems = new ArrayList<>();

  public ConfigProblems(String file) {
    this.file = file;
  }

  /** Notes that the setting at {@code path} breaks {@code rule}. */
  public void add(String path, String rule) {
    problems.add(path.isEmpty() ? rule : path + ": " + rule);
  }

  /** What {@code make} gives; an {@link IllegalArgumentException} of it is noted as the problem. */
  public <T> Optional<T> attempt(String path, Supplier<T> make) {
    try {
      return Optional.of(make.get());
    } catch (IllegalArgumentException e) {
      add(path, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /**
   * Ends the reading of the file.
   *
   * @throws ConfigException if there was a problem
   */
  public void throwIfAny() throws ConfigException {
    if (!problems.isEmpty()) {
      throw new ConfigException(file, problems);
    }
  }
}
