package org.hanse.client.agent;

import java.io.Serial;

/** There is no point in trying a call any longer: its time is over, or something newer came up. */
final class GaveUpException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  GaveUpException(String what) {
    super(what);
  }
}
