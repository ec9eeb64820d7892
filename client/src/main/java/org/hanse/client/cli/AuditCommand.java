package org.hanse.client.cli;

import picocli.CommandLine.Command;

/** {@code hanse audit}: what anybody can check from files. */
@Command(
    name = "audit",
    description = "Check what a coordinator has kept.",
    mixinStandardHelpOptions = true)
final class AuditCommand {}
