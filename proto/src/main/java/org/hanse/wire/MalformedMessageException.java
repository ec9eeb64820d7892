package org.hanse.wire;

import java.io.Serial;

/**
 * A message that cannot become a value: which field, and which rule it broke. Carries nothing of
 * the field's content but, at most, a number.
 */
public final class MalformedMessageException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final String fieldPath;
  private final String rule;

  /**
   * A refusal of one field.
   *
   * @param fieldPath from the call's message on, for example {@code shares.entries[3].nonce}
   * @param rule what must hold, for example {@code must have 12 bytes, not 11}
   */
  public MalformedMessageException(String fieldPath, String rule) {
    super(fieldPath.isEmpty() ? rule : fieldPath + ": " + rule);
    this.fieldPath = fieldPath;
    this.rule = rule;
  }

  /** Empty when the rule concerns the message as a whole. */
  public String fieldPath() {
    return fieldPath;
  }

  public String rule() {
    return rule;
  }
}
