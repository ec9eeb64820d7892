package org.hanse.simulation.authority;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A file that only its owner may read, from the moment it exists. */
public final class SecretFile {
  private SecretFile() {}

  /**
   * Writes ASCII text to a new file with mode 0600.
   *
   * @throws IOException if the file exists already or cannot be written
   */
  public static void write(Path file, String text) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text, US_ASCII, WRITE);
  }
}
