package org.hanse.core.vector;

/** Ends the reading of a bad header; never leaves this package. */
final class MalformedHeaderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String rule;

  MalformedHeaderException(String rule) {
    super(rule);
    this.rule = rule;
  }

  String rule() {
    return rule;
  }
}
