package org.hanse.client.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.hanse.core.plan.JobId;
import org.hanse.wire.value.JobExplanation;
import org.hanse.wire.value.JobExplanation.SiteStanding;
import org.hanse.wire.value.JobSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code hanse job explain}. */
@Command(
    name = "explain",
    description = "Say what a job waits for, site by site, until when, and what happens then.",
    mixinStandardHelpOptions = true)
final class JobExplainCommand implements Callable<Integer> {
  private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(30);

  private final ResearcherTools tools;

  @Parameters(paramLabel = "JOB", description = "the job's id")
  private String job = "";

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Mixin private OutputFormat.Choice output = new OutputFormat.Choice();

  JobExplainCommand(ResearcherTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() throws Exception {
    JobId id = Arguments.jobId(job);
    JobExplanation explanation =
        connection.connect(
            tools,
            USUAL_TIMEOUT,
            (client, limit) ->
                ConnectionOptions.ask(tools, limit, () -> client.explain(id, limit.remaining())));
    if (output.format() == OutputFormat.TABLE) {
      print(explanation);
    } else {
      tools.out().println(JsonOutput.line(fields(explanation)));
    }
    tools.out().flush();
    return ExitCode.DONE;
  }

  private void print(JobExplanation explanation) {
    PrintWriter out = tools.out();
    JobSummary summary = explanation.summary();
    out.println("job          " + summary.job() + " is " + JsonOutput.name(summary.state()));
    if (!summary.waitingFor().isEmpty()) {
      out.println("waiting for  " + summary.waitingFor());
    }
    explanation.untilMillis().ifPresent(until -> out.println("until        " + time(until)));
    if (!explanation.afterwards().isEmpty()) {
      out.println("then         " + explanation.afterwards());
    }
    explanation.jobs().forEach(other -> out.println("behind       " + other));
    for (SiteStanding site : explanation.sites()) {
      out.println(
          "%-12s %s%s"
              .formatted(
                  site.site(),
                  words(site.standing()),
                  site.awaySinceMillis().map(since -> ", away since " + time(since)).orElse("")));
    }
  }

  private static String words(JobExplanation.Standing standing) {
    return switch (standing) {
      case EXPECTED -> "has not reported yet";
      case READY -> "ready";
      case OWES -> "owes its answer";
      case ANSWERED -> "has answered";
      case LEFT_OUT -> "not in this attempt";
      case OUT -> "sits this round out";
      case CONVICTED -> "out of this job";
    };
  }

  private static Map<String, Object> fields(JobExplanation explanation) {
    Map<String, Object> fields = JsonOutput.of(explanation.summary());
    fields.put("until", explanation.untilMillis().map(JobExplainCommand::time).orElse(""));
    fields.put("afterwards", explanation.afterwards());
    fields.put("behind", explanation.jobs().stream().map(JobId::value).toList());
    fields.put("sites", explanation.sites().stream().map(JobExplainCommand::fields).toList());
    return fields;
  }

  private static Map<String, Object> fields(SiteStanding site) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("site", site.site().value());
    fields.put("standing", JsonOutput.name(site.standing()));
    fields.put("awaySince", site.awaySinceMillis().map(JobExplainCommand::time).orElse(""));
    return fields;
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
