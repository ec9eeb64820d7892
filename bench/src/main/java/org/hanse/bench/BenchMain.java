package org.hanse.bench;

import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs {@code hanse bench}. */
@Command(
    name = "hanse bench",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "What secure aggregation costs on this machine.")
public final class BenchMain {
  private static final int FAILED = 1;
  private static final int BAD_ARGUMENTS = 4;

  private BenchMain() {}

  /** Ends the process: 0 done, 1 failed, 4 bad arguments. */
  public static void main(String[] args) {
    // Numbers look the same everywhere.
    Locale.setDefault(Locale.ROOT);
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new BenchMain())
        .addSubcommand(new SecureRoundBenchmark())
        .addSubcommand(new MemoryBenchmark())
        .setParameterExceptionHandler((e, args) -> {
          e.getCommandLine().getErr().println("hanse: " + e.getMessage());
          e.getCommandLine().getErr().println("  Next: hanse bench --help lists all commands");
          return BAD_ARGUMENTS;
        })
        .setExecutionExceptionHandler((e, command, parsed) -> {
          command.getErr().println("hanse: " + e.getMessage());
          return FAILED;
        });
  }
}
