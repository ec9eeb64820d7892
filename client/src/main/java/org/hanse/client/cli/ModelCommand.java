package org.hanse.client.cli;

import picocli.CommandLine.Command;

/** {@code hanse model}: what researchers do with models. */
@Command(
    name = "model",
    description = "Fetch the models that jobs make.",
    mixinStandardHelpOptions = true)
final class ModelCommand {}
