package org.hanse.client.cli;

import org.hanse.client.grpc.JobClient;
import picocli.CommandLine.Command;

/** {@code hanse job pause}. */
@Command(
    name = "pause",
    description = {
      "Stop a job without loss: no round opens, no site trains for it any more.",
      "A sum that sites have released for is still published; jobs go on with hanse job resume."
    },
    mixinStandardHelpOptions = true)
final class JobPauseCommand extends JobOrderCommand {
  JobPauseCommand(ResearcherTools tools) {
    super(tools, JobClient::pause);
  }
}
