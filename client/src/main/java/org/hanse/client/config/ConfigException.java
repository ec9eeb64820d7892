package org.hanse.client.config;

import java.io.Serial;
import java.util.List;

/** A configuration file that cannot be used, with everything that is wrong with it. */
public final class ConfigException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final String file;
  private final String[] problems;

  public ConfigException(String file, List<String> problems) {
    super(file + ": " + String.join("; ", problems));
    this.file = file;
    this.problems = problems.toArray(new String[0]);
  }

  public String file() {
    return file;
  }

  /** One sentence each, beginning with the setting's path. */
  public List<String> problems() {
    return List.of(problems);
  }
}
