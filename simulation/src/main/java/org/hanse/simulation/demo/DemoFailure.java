package org.hanse.simulation.demo;

import java.util.List;

/** The demo cannot go on: what happened, and what to do next. */
public final class DemoFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;
  private final String details;

  /**
   * A failure that people will read.
   *
   * @param details further lines, for example the end of a log
   */
  public DemoFailure(ExitCode exitCode, String cause, List<String> details) {
    super(cause);
    this.exitCode = exitCode;
    this.details = String.join("\n", details);
  }

  public static DemoFailure failed(String cause, String... details) {
    return new DemoFailure(ExitCode.FAILED, cause, List.of(details));
  }

  public static DemoFailure badArguments(String cause, String... details) {
    return new DemoFailure(ExitCode.BAD_ARGUMENTS, cause, List.of(details));
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  /** Lines to show below the message. */
  public List<String> details() {
    return details.lines().toList();
  }
}
