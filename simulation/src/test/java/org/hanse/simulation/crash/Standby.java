package org.hanse.simulation.crash;

import java.io.IOException;
import java.nio.file.Path;

/**
 * One program that is always about to be ready, so that nobody waits for a virtual machine. The
 * first one ends in order instead of being killed, so that the others start faster.
 */
final class Standby implements AutoCloseable {
  private final Class<?> main;
  private final Path log;
  private final FastStart start;
  private ProgramUnderTest next;

  /**
   * @param log takes what the programs write to standard error
   */
  Standby(Class<?> main, Path log, FastStart start) throws IOException {
    this.main = main;
    this.log = log;
    this.start = start;
    this.next = ProgramUnderTest.recording(start, main, log);
  }

  /** Lets the waiting program run, and has another one wait. */
  ProgramUnderTest go(Orders orders) throws IOException, InterruptedException {
    ProgramUnderTest program = next;
    program.go(orders);
    next = ProgramUnderTest.start(start, main, log);
    return program;
  }

  @Override
  public void close() {
    next.close();
  }
}
