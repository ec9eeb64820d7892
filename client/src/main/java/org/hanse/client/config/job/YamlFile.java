package org.hanse.client.config.job;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hanse.client.config.ConfigProblems;
import org.hanse.client.config.ConfigSection;

/** Reads a YAML file's top-level mapping. */
final class YamlFile {
  /** A file is read whole before the YAML reader's own limit applies. */
  private static final long MAX_FILE_BYTES = 16 << 20;

  private YamlFile() {}

  static ConfigSection read(Path file, ConfigProblems problems) throws IOException {
    String text = "";
    if (Files.size(file) > MAX_FILE_BYTES) {
      problems.add("", "is larger than " + MAX_FILE_BYTES + " bytes");
    } else {
      try {
        text = Files.readString(file);
      } catch (CharacterCodingException e) {
        problems.add("", "is not UTF-8 text");
      }
    }
    return ConfigSection.parse(text, problems);
  }
}
