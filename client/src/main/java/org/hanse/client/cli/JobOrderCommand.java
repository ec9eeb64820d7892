package org.hanse.client.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.hanse.client.agent.CoordinatorException;
import org.hanse.client.grpc.JobClient;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.Limits;
import org.hanse.wire.value.JobSummary;
import org.hanse.wire.value.OrderedJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code hanse job pause}, {@code resume} and {@code abort} share. */
abstract class JobOrderCommand implements Callable<Integer> {
  private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(30);

  private final ResearcherTools tools;
  private final Order order;

  @Parameters(paramLabel = "JOB", description = "the job's id")
  private String job = "";

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      description = "a word to those who look at the job, up to 200 characters")
  private String why = "";

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Mixin private OutputFormat.Choice output = new OutputFormat.Choice();

  @Option(names = "--dry-run", description = "show the job as it stands; change nothing")
  private boolean dryRun;

  /** What is asked of the coordinator. */
  @FunctionalInterface
  interface Order {
    void give(JobClient client, OrderedJob job, Duration atMost)
        throws CoordinatorException, InterruptedException;
  }

  private JobOrderCommand(ResearcherTools tools, Order order) {
    this.tools = tools;
    this.order = order;
  }

  @Override
  public Integer call() throws Exception {
    JobId id = Arguments.jobId(job);
    Arguments.text("--why", why, Limits.MAX_TEXT_LENGTH);
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
                      order.give(client, new OrderedJob(id, why), limit.remaining());
                      return true;
                    });
              }
              return ConnectionOptions.ask(tools, limit, () -> client.job(id, limit.remaining()));
            });
    print(after);
    return ExitCode.DONE;
  }

  private void print(JobSummary after) {
    String state = JsonOutput.name(after.state());
    if (output.format() == OutputFormat.TABLE) {
      tools.out().println(after.job() + " " + state);
    } else {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("job", after.job().value());
      fields.put("state", state);
      tools.out().println(JsonOutput.line(fields));
    }
    tools.out().flush();
    if (!after.waitingFor().isEmpty()) {
      tools.err().println("It waits for " + after.waitingFor() + ".");
      tools.err().flush();
    }
  }

  /** {@code hanse job pause}. */
  @Command(
      name = "pause",
      description = {
        "Stop a job without loss: no round opens, no site trains for it any more.",
        "A sum that sites have released for is still published; hanse job resume goes on."
      },
      mixinStandardHelpOptions = true)
  static final class Pause extends JobOrderCommand {
    Pause(ResearcherTools tools) {
      super(tools, JobClient::pause);
    }
  }

  /** {@code hanse job resume}. */
  @Command(
      name = "resume",
      description = "Let a paused job go on where it stood, when its turn comes.",
      mixinStandardHelpOptions = true)
  static final class Resume extends JobOrderCommand {
    Resume(ResearcherTools tools) {
      super(tools, JobClient::resume);
    }
  }

  /** {@code hanse job abort}. */
  @Command(
      name = "abort",
      description = "End a job. Published rounds stay; a job that is over stays as it is.",
      mixinStandardHelpOptions = true)
  static final class Abort extends JobOrderCommand {
    Abort(ResearcherTools tools) {
      super(tools, JobClient::abort);
    }
  }
}
