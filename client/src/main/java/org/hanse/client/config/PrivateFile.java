package org.hanse.client.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files that hold a private key or another secret. */
public final class PrivateFile {
  private static final Logger LOG = LoggerFactory.getLogger(PrivateFile.class);

  private PrivateFile() {}

  /**
   * Checks that nobody but its owner may change the file, and no stranger read it. Its group may: a
   * service's secrets often belong to root and the service's group.
   *
   * @throws KeyFileException if the file's permissions are wider
   * @throws IOException if it is not there
   */
  public static void check(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (permissions.contains(PosixFilePermission.OTHERS_WRITE)
        || permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_READ)) {
      throw new KeyFileException(
          "other users of this machine may read or change " + file + "; run: chmod 600 " + file);
    }
    if (permissions.contains(PosixFilePermission.GROUP_READ)) {
      LOG.warn("the group of {} may read it; if that is not meant, run: chmod 600 {}", file, file);
    }
  }
}
