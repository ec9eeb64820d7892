package org.hanse.simulation.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The script {@code hanse}, by which an installation starts its programs too. */
public record Launcher(Path script) {
  private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

  /** The script that started this program, which says so in a system property. */
  public static Launcher ofThisProgram() {
    String script = System.getProperty("hanse.launcher");
    if (script == null) {
      throw new IllegalStateException(
          "the system property hanse.launcher is not set; start the demo by the script \"hanse\"");
    }
    return new Launcher(Path.of(script));
  }

  ProcessBuilder command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(script.toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    // What is running now is what gets started: no build in the middle of a demo.
    builder.environment().put("HANSE_BUILD", "never");
    // Sites share this machine's cores; a thread pool in each would make all of them slow.
    builder.environment().put("OMP_NUM_THREADS", "1");
    // Short lives and small models: the optimizing compiler costs more than it gives back.
    builder.environment().merge("HANSE_JVM_OPTS", QUICK_START, (own, quick) -> quick + " " + own);
    return builder;
  }
}
