package org.hanse.client.cli;

import picocli.CommandLine.Option;

/** How a command shows its data on standard output. */
enum OutputFormat {
  /** For people. */
  TABLE,
  /** Exactly one JSON document. */
  JSON,
  /** One JSON document a line. */
  JSONL;

  /** The option that every command has which prints something. */
  static final class Choice {
    @Option(
        names = {"-o", "--output"},
        paramLabel = "FORMAT",
        defaultValue = "TABLE",
        description = "table, json or jsonl")
    private OutputFormat format = TABLE;

    OutputFormat format() {
      return format;
    }
  }
}
