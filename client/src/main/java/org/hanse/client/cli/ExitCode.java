package org.hanse.client.cli;

/** How every command ends. */
final class ExitCode {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int CONNECTION_OR_AUTHORIZATION = 2;
  static final int TIMEOUT = 3;
  static final int BAD_ARGUMENTS_OR_CONFIGURATION = 4;
  static final int OUR_BUG = 5;

  private ExitCode() {}
}
