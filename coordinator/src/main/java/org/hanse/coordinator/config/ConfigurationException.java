package org.hanse.coordinator.config;

import java.io.Serial;
import java.util.List;

/** Everything that is wrong with a configuration file, found in one reading. */
public final class ConfigurationException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /**
   * All problems of one reading.
   *
   * @param problems one sentence each, at least one
   */
  public ConfigurationException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
  }

  /** One sentence a line. */
  public String problems() {
    return String.valueOf(getMessage());
  }
}
