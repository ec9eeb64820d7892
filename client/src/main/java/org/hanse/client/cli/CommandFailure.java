package org.hanse.client.cli;

import java.io.Serial;

/** A command that cannot do what was asked, as its user is told. */
final class CommandFailure extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final int exitCode;
  private final String code;
  private final String next;

  /**
   * A failure.
   *
   * @param code stable words with hyphens, for scripts and documentation
   * @param cause one sentence
   * @param next what to try
   */
  CommandFailure(int exitCode, String code, String cause, String next) {
    super(cause);
    this.exitCode = exitCode;
    this.code = code;
    this.next = next;
  }

  int exitCode() {
    return exitCode;
  }

  String code() {
    return code;
  }

  String next() {
    return next;
  }
}
