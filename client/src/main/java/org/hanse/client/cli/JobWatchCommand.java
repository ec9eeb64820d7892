package org.hanse.client.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.hanse.core.plan.JobId;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code hanse job watch}. */
@Command(
    name = "watch",
    description = {
      "Follow a job from its beginning until it ends: a line for each round.",
      "Goes on by itself after a broken connection. Ends with 0 if the job completed, with 1 and",
      "the cause on standard error if it failed."
    },
    mixinStandardHelpOptions = true)
final class JobWatchCommand implements Callable<Integer> {
  private static final Duration USUAL_TIMEOUT = Duration.ofDays(365);

  private final ResearcherTools tools;

  @Parameters(paramLabel = "JOB", description = "the job's id")
  private String job = "";

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Mixin private OutputFormat.Choice output = new OutputFormat.Choice();

  JobWatchCommand(ResearcherTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() throws Exception {
    JobId id = Arguments.jobId(job);
    PrintWriter err = tools.err();
    EventPrinter printer = EventPrinter.of(output.format(), tools.out());
    JobEventValue.Finished end =
        connection.connect(
            tools,
            USUAL_TIMEOUT,
            (client, limit) ->
                new JobFollower(client, tools.pause(), printer, err).follow(id, limit));
    if (end.state() != JobState.COMPLETED) {
      String reason = end.standing().reason().map(why -> ": " + JsonOutput.name(why)).orElse("");
      throw new CommandFailure(
          ErrorCode.JOB_FAILED,
          "job " + id + " " + JsonOutput.name(end.state()) + reason,
          "hanse job show " + id);
    }
    return ExitCode.DONE;
  }
}
