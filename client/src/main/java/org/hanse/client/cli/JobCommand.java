package org.hanse.client.cli;

import picocli.CommandLine.Command;

/** {@code hanse job}: what researchers do with jobs. */
@Command(
    name = "job",
    description = "Submit jobs and follow them.",
    mixinStandardHelpOptions = true)
final class JobCommand {}
