package org.hanse.client.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A configuration file.
 *
 * @param path absolute
 */
public record YamlFile(Path path) {
  /** A file is read whole before the YAML reader's own limit applies. */
  private static final long MAX_FILE_BYTES = 16 << 20;

  public YamlFile {
    path = path.toAbsolutePath().normalize();
  }

  /** Where problems with this file are noted. */
  public ConfigProblems newProblems() {
    return new ConfigProblems(path.toString());
  }

  /**
   * The top-level mapping.
   *
   * @throws ConfigException if it is no YAML: what a file without settings lacks would hide that
   * @throws IOException if it cannot be read
   */
  public ConfigSection read(ConfigProblems problems) throws ConfigException, IOException {
    String text = "";
    if (Files.size(path) > MAX_FILE_BYTES) {
      problems.add("", "is larger than " + MAX_FILE_BYTES + " bytes");
    } else {
      try {
        text = Files.readString(path);
      } catch (CharacterCodingException e) {
        problems.add("", "is not UTF-8 text");
      }
    }
    ConfigSection root = ConfigSection.parse(text, problems);
    problems.throwIfAny();
    return root;
  }

  /** A path in this file is relative to its directory. */
  public Path resolve(String other) {
    return path.resolveSibling(other).normalize();
  }
}
