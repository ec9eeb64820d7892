package org.hanse.client.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Files of somebody who is not trusted: they may be anything. */
final class KeptFiles {
  private KeptFiles() {}

  /** Whether something has this name, be it a link that leads nowhere. */
  static boolean isThere(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * For a file that will be read.
   *
   * @throws IOException if it is not there, or a directory, device or pipe
   */
  static Path requireRegular(Path file) throws IOException {
    if (!isThere(file)) {
      throw new IOException(file + " is missing");
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + " is no regular file");
    }
    return file;
  }

  /**
   * A whole file.
   *
   * @throws IOException also if it is longer
   */
  static byte[] read(Path file, int maxBytes) throws IOException {
    try (InputStream in = Files.newInputStream(requireRegular(file))) {
      byte[] content = in.readNBytes(maxBytes + 1);
      if (content.length > maxBytes) {
        throw new IOException(file + " is longer than " + maxBytes + " bytes");
      }
      return content;
    }
  }
}
