package org.hanse.client.cli;

/** How a command shows its data on standard output. */
enum OutputFormat {
  /** For people. */
  TABLE,
  /** Exactly one JSON document. */
  JSON,
  /** One JSON document a line. */
  JSONL
}
