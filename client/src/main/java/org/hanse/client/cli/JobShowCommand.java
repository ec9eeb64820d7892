package org.hanse.client.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.hanse.core.plan.JobId;
import org.hanse.wire.value.JobStanding;
import org.hanse.wire.value.JobSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code hanse job show}. */
@Command(name = "show", description = "Show how a job stands.", mixinStandardHelpOptions = true)
final class JobShowCommand implements Callable<Integer> {
  private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(30);

  private final ResearcherTools tools;

  @Parameters(paramLabel = "JOB", description = "the job's id")
  private String job = "";

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Mixin private OutputFormat.Choice output = new OutputFormat.Choice();

  JobShowCommand(ResearcherTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() throws Exception {
    JobId id = Arguments.jobId(job);
    JobSummary summary =
        connection.connect(
            tools,
            USUAL_TIMEOUT,
            (client, limit) ->
                ConnectionOptions.ask(tools, limit, () -> client.job(id, limit.remaining())));
    PrintWriter out = tools.out();
    if (output.format() == OutputFormat.TABLE) {
      out.println("job          " + summary.job());
      out.println("title        " + summary.title());
      out.println("state        " + JsonOutput.name(summary.state()));
      JobStanding standing = summary.standing();
      standing.reason().ifPresent(reason -> out.println("reason       " + JsonOutput.name(reason)));
      standing
          .order()
          .ifPresent(order -> {
            out.println("by           " + order.by());
            if (!order.note().isEmpty()) {
              out.println("note         " + order.note());
            }
          });
      out.println(
          "rounds       "
              + summary.progress().publishedRounds()
              + " of "
              + summary.progress().plannedRounds());
      out.println("model        " + summary.modelHash());
      summary.progress().best().ifPresent(best -> out.println("best         " + words(best)));
      out.println("plan hash    " + summary.planHash());
      for (JobSummary.Convicted convicted : summary.progress().convicted()) {
        out.println(
            "without      "
                + convicted.site()
                + ": in round "
                + convicted.round()
                + " it dealt shares of another secret than it committed to");
      }
      if (!summary.waitingFor().isEmpty()) {
        out.println("waiting for  " + summary.waitingFor());
      }
    } else {
      out.println(JsonOutput.line(JsonOutput.of(summary)));
    }
    out.flush();
    return ExitCode.DONE;
  }

  private static String words(JobSummary.Best best) {
    return "%s, after round %d: %s %.4f"
        .formatted(best.modelHash(), best.rounds(), best.metric(), best.value());
  }
}
