package org.hanse.client.config;

import java.io.IOException;
import java.io.Serial;

/** A key, a certificate or a secret that the configuration names cannot be used. */
public final class KeyFileException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  public KeyFileException(String message) {
    super(message);
  }

  public KeyFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
