package org.hanse.client.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.hanse.client.agent.CoordinatorException;
import org.hanse.client.config.ConfigException;
import org.hanse.client.config.SiteConfigFile;
import org.hanse.client.storage.DrainRequest;
import org.hanse.client.storage.StateDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hanse client}: what a site's administrator runs. */
@Command(name = "client", description = "Run a site's client.", mixinStandardHelpOptions = true)
final class ClientCommand {
  private static final long LOOK_MILLIS = 250;

  private final ResearcherTools tools;

  ClientCommand(ResearcherTools tools) {
    this.tools = tools;
  }

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

  /** Ends a running client without costing anybody a round. */
  @Command(
      name = "drain",
      description = {
        "Let the running client finish the rounds that it is in and begin no other; then it ends.",
        "Waits until it has ended. Ctrl-C ends the waiting, not the draining; a client that is"
            + " started again takes part again."
      },
      mixinStandardHelpOptions = true)
  int drain(
      @Option(
              names = "--config",
              required = true,
              paramLabel = "FILE",
              description = "the site's client.yaml")
          Path config,
      @Option(
              names = "--timeout",
              paramLabel = "DURATION",
              defaultValue = "1h",
              description = "wait so long, such as 90s or 10m (default: ${DEFAULT-VALUE})")
          String timeout)
      throws CommandFailure, ConfigException, InterruptedException, IOException {
    TimeLimit limit = TimeLimit.startingNow(Arguments.duration("--timeout", timeout));
    Path state = new SiteConfigFile(config).read().state();
    if (!StateDirectory.isHeld(state)) {
      tools.out().println("No client runs with " + config + ": nothing to drain.");
      tools.out().flush();
      return ExitCode.DONE;
    }
    DrainRequest request = new DrainRequest(state);
    while (StateDirectory.isHeld(state)) {
      request.make(); // a client that has just started may have cleared it
      limit.pause(tools.pause(), LOOK_MILLIS);
    }
    tools.out().println("The client has finished its rounds and ended.");
    tools.out().flush();
    return ExitCode.DONE;
  }
}
