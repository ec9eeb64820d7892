package org.hanse.client.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.hanse.wire.value.JobSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hanse job list}. */
@Command(name = "list", description = "List your jobs.", mixinStandardHelpOptions = true)
final class JobListCommand implements Callable<Integer> {
  private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(30);
  private static final String ROW = "%-30s  %-9s  %9s  %s%n";

  private final ResearcherTools tools;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Mixin private OutputFormat.Choice output = new OutputFormat.Choice();

  JobListCommand(ResearcherTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() throws Exception {
    List<JobSummary> jobs =
        connection.connect(
            tools,
            USUAL_TIMEOUT,
            (client, limit) ->
                ConnectionOptions.ask(tools, limit, () -> client.jobs(limit.remaining())));
    PrintWriter out = tools.out();
    switch (output.format()) {
      case TABLE -> {
        out.printf(ROW, "JOB", "STATE", "ROUNDS", "TITLE");
        for (JobSummary job : jobs) {
          out.printf(
              ROW,
              job.job().value(),
              JsonOutput.name(job.state()),
              job.progress().publishedRounds() + "/" + job.progress().plannedRounds(),
              job.title());
        }
      }
      case JSON -> out.println(JsonOutput.line(jobs.stream().map(JsonOutput::of).toList()));
      case JSONL -> jobs.forEach(job -> out.println(JsonOutput.line(JsonOutput.of(job))));
    }
    out.flush();
    return ExitCode.DONE;
  }
}
