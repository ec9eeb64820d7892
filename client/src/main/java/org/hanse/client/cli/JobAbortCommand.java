package org.hanse.client.cli;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.hanse.core.plan.JobId;
import org.hanse.wire.value.JobSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hanse job abort}. */
@Command(
    name = "abort",
    description = "End a job. Published rounds stay; a job that is over stays as it is.",
    mixinStandardHelpOptions = true)
final class JobAbortCommand implements Callable<Integer> {
  private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(30);

  private final ResearcherTools tools;

  @Parameters(paramLabel = "JOB", description = "the job's id")
  private String job = "";

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Mixin private OutputFormat.Choice output = new OutputFormat.Choice();

  @Option(names = "--dry-run", description = "show the job as it stands; change nothing")
  private boolean dryRun;

  JobAbortCommand(ResearcherTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() throws Exception {
    JobId id = Arguments.jobId(job);
    JobSummary after =
        connection.connect(
            tools,
            USUAL_TIMEOUT,
            (client, limit) -> {
              if (!dryRun) {
                ConnectionOptions.ask(
                    tools,
                    limit,
                    () -> {
                      client.abort(id, limit.remaining());
                      return true;
                    });
              }
              return ConnectionOptions.ask(tools, limit, () -> client.job(id, limit.remaining()));
            });
    tools
        .out()
        .println(
            output.format() == OutputFormat.TABLE
                ? after.job() + " " + JsonOutput.name(after.state())
                : JsonOutput.line(
                    Map.of("job", after.job().value(), "state", JsonOutput.name(after.state()))));
    tools.out().flush();
    return ExitCode.DONE;
  }
}
