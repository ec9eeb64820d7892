package org.hanse.client.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.hanse.client.agent.CoordinatorException;
import org.hanse.client.config.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hanse client}: what a site's administrator runs. */
@Command(name = "client", description = "Run a site's client.", mixinStandardHelpOptions = true)
final class ClientCommand {

  /** Runs until stopped. */
  @Command(
      name = "run",
      description = {
        "Take part in the jobs that this site's policy allows, until stopped.",
        "SIGTERM or Ctrl-C ends it; nothing is lost."
      },
      mixinStandardHelpOptions = true)
  int run(
      @Option(
              names = "--config",
              required = true,
              paramLabel = "FILE",
              description = "the site's client.yaml; docs/configuration.md explains it")
          Path config,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FORMAT",
              defaultValue = "TABLE",
              description = "table, or jsonl: a line for each event on standard output")
          OutputFormat format)
      throws CommandFailure, ConfigException, CoordinatorException, IOException {
    if (format == OutputFormat.JSON) {
      throw new CommandFailure(
          ErrorCode.BAD_ARGUMENTS,
          "-o json is one document at the end, and this command has none; jsonl is a line for each"
              + " event",
          "hanse client run --help");
    }
    ClientRunMain.run(config, System.out, format == OutputFormat.JSONL);
    return ExitCode.DONE;
  }
}
