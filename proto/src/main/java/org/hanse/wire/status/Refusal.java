package org.hanse.wire.status;

import java.time.Duration;
import java.util.Optional;
import org.hanse.core.secagg.DropReason;
import org.hanse.wire.MalformedMessageException;

/**
 * A refused call as a value.
 *
 * @param detail for people, safe to show to the peer; may be empty
 * @param field path of the field that broke a rule
 * @param retryAfter how long to wait before the same call may succeed
 */
public record Refusal(
    ErrorReason reason, String detail, Optional<String> field, Optional<Duration> retryAfter) {
  public static Refusal of(ErrorReason reason, String detail) {
    return new Refusal(reason, detail, Optional.empty(), Optional.empty());
  }

  /** A field broke its rule. */
  public static Refusal of(MalformedMessageException e) {
    return new Refusal(
        ErrorReason.FIELD_INVALID, e.rule(), Optional.of(e.fieldPath()), Optional.empty());
  }

  /** The round's machine did not take a message. */
  public static Refusal of(DropReason reason, String detail) {
    return of(reasonOf(reason), detail);
  }

  /** The caller is to come back later. */
  public static Refusal overloaded(String detail, Duration retryAfter) {
    return new Refusal(ErrorReason.OVERLOADED, detail, Optional.empty(), Optional.of(retryAfter));
  }

  private static ErrorReason reasonOf(DropReason reason) {
    return switch (reason) {
      case NOT_IN_COHORT -> ErrorReason.NOT_IN_COHORT;
      case CONVICTED -> ErrorReason.CONVICTED;
      case LATE -> ErrorReason.LATE;
      case EARLY -> ErrorReason.EARLY;
      case DIFFERENT_REPEAT -> ErrorReason.DIFFERENT_REPEAT;
      case SIGNATURE_INVALID -> ErrorReason.SIGNATURE_INVALID;
      case KEY_INVALID -> ErrorReason.KEY_INVALID;
      case WRONG_LENGTH -> ErrorReason.WRONG_LENGTH;
      case WRONG_ROOT -> ErrorReason.WRONG_ROOT;
      case WRONG_SET -> ErrorReason.WRONG_SET;
      case SHARE_INVALID -> ErrorReason.SHARE_INVALID;
      case SILENT -> ErrorReason.SILENT;
      case GONE -> ErrorReason.GONE;
      case WITHDREW -> ErrorReason.WITHDREW;
    };
  }
}
