package org.hanse.client.storage;

import java.io.IOException;
import java.io.Serial;

/** A file of this site does not hold what was once written to it. */
public final class DamagedFileException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  public DamagedFileException(String message) {
    super(message);
  }
}
