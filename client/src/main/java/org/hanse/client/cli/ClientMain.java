package org.hanse.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import org.hanse.client.config.job.ResearcherConfig;
import org.hanse.client.grpc.CoordinatorChannel;
import org.hanse.client.grpc.JobClient;
import org.hanse.client.trainer.Dl4jTrainer;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program behind {@code hanse client}, {@code job}, {@code model} and {@code audit}. */
public final class ClientMain {
  private ClientMain() {}

  @Command(
      name = "hanse",
      description = "Federated training for institutions that keep their data.",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND")
  private static final class Root {}

  public static void main(String[] args) {
    System.exit(commandLine(tools()).execute(args));
  }

  /** All commands; {@code tools} for those of researchers. */
  static CommandLine commandLine(ResearcherTools tools) {
    CommandLine job =
        new CommandLine(new Nouns.Job())
            .addSubcommand(new JobSubmitCommand(tools))
            .addSubcommand(new JobWatchCommand(tools))
            .addSubcommand(new JobListCommand(tools))
            .addSubcommand(new JobShowCommand(tools))
            .addSubcommand(new JobExplainCommand(tools))
            .addSubcommand(new JobOrderCommand.Pause(tools))
            .addSubcommand(new JobOrderCommand.Resume(tools))
            .addSubcommand(new JobOrderCommand.Abort(tools));
    CommandLine model =
        new CommandLine(new Nouns.Model()).addSubcommand(new ModelExportCommand(tools));
    CommandLine audit =
        new CommandLine(new Nouns.Audit()).addSubcommand(new AuditRoundCommand(tools));
    ErrorPrinter errors = new ErrorPrinter();
    return new CommandLine(new Root())
        .addSubcommand(new CommandLine(new ClientCommand(tools)))
        .addSubcommand(job)
        .addSubcommand(model)
        .addSubcommand(audit)
        .setOut(tools.out())
        .setErr(tools.err())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors);
  }

  private static ResearcherTools tools() {
    return new ResearcherTools(
        ClientMain::connect,
        () -> new Dl4jTrainer(1),
        Thread::sleep,
        new PrintWriter(System.out, false, UTF_8),
        new PrintWriter(System.err, true, UTF_8));
  }

  private static ResearcherTools.Connection connect(ResearcherConfig config) throws IOException {
    CoordinatorChannel channel = CoordinatorChannel.open(config.coordinator(), config.tls());
    JobClient jobs = new JobClient(channel.channel());
    return new ResearcherTools.Connection() {
      @Override
      public JobClient jobs() {
        return jobs;
      }

      @Override
      public void close() {
        channel.close();
      }
    };
  }
}
