package org.hanse.client.cli;

import java.io.IOException;
import java.io.Serial;

/** The coordinator sent what it must not send. Ends the stream that it came in. */
final class ProtocolViolationException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  ProtocolViolationException(String message) {
    super(message);
  }
}
