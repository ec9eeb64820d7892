package org.hanse.simulation.demo;

/** How the program ends: the codes that all commands share. */
public enum ExitCode {
  DONE(0),
  FAILED(1),
  TIMEOUT(3),
  BAD_ARGUMENTS(4),
  BUG(5);

  private final int value;

  ExitCode(int value) {
    this.value = value;
  }

  public int value() {
    return value;
  }
}
