package org.hanse.client.cli;

import org.hanse.client.grpc.JobClient;
import picocli.CommandLine.Command;

/** {@code hanse job abort}. */
@Command(
    name = "abort",
    description = "End a job. Published rounds stay; a job that is over stays as it is.",
    mixinStandardHelpOptions = true)
final class JobAbortCommand extends JobOrderCommand {
  JobAbortCommand(ResearcherTools tools) {
    super(tools, JobClient::abort);
  }
}
