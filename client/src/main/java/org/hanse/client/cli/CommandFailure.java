package org.hanse.client.cli;

import java.io.Serial;
import org.hanse.wire.status.ErrorReason;

/** A command that cannot do what was asked, as its user is told. */
final class CommandFailure extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final int exitCode;
  private final String code;
  private final String page;
  private final String next;

  private CommandFailure(int exitCode, String code, String page, String cause, String next) {
    super(cause);
    this.exitCode = exitCode;
    this.code = code;
    this.page = page;
    this.next = next;
  }

  /**
   * A failure.
   *
   * @param cause one sentence
   * @param next what to try
   */
  CommandFailure(ErrorCode code, String cause, String next) {
    this(code.exitCode(), code.text(), ErrorCode.PAGE, cause, next);
  }

  /** The coordinator's reason, by its own code. */
  static CommandFailure refused(ErrorReason reason, int exitCode, String cause, String next) {
    return new CommandFailure(exitCode, reason.code(), "docs/protocol-errors.md", cause, next);
  }

  int exitCode() {
    return exitCode;
  }

  String code() {
    return code;
  }

  /** Where the code is explained. */
  String page() {
    return page;
  }

  String next() {
    return next;
  }
}
