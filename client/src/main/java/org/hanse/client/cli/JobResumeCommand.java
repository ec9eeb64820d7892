package org.hanse.client.cli;

import org.hanse.client.grpc.JobClient;
import picocli.CommandLine.Command;

/** {@code hanse job resume}. */
@Command(
    name = "resume",
    description = "Let a paused job go on where it stood, when its turn comes.",
    mixinStandardHelpOptions = true)
final class JobResumeCommand extends JobOrderCommand {
  JobResumeCommand(ResearcherTools tools) {
    super(tools, JobClient::resume);
  }
}
