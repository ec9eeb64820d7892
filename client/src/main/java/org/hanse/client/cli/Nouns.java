package org.hanse.client.cli;

import picocli.CommandLine.Command;

/** First words of commands that do nothing alone. */
final class Nouns {
  private Nouns() {}

  /** {@code hanse job}: what researchers do with jobs. */
  @Command(
      name = "job",
      description = "Submit jobs and follow them.",
      mixinStandardHelpOptions = true)
  static final class Job {}

  /** {@code hanse model}: what researchers do with models. */
  @Command(
      name = "model",
      description = "Fetch the models that jobs make.",
      mixinStandardHelpOptions = true)
  static final class Model {}

  /** {@code hanse audit}: what anybody can check from files. */
  @Command(
      name = "audit",
      description = "Check what a coordinator has kept.",
      mixinStandardHelpOptions = true)
  static final class Audit {}
}
