package org.hanse.client.agent;

import java.io.Serial;
import java.time.Duration;
import java.util.Optional;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.ErrorReason.Duty;
import org.hanse.wire.status.Refusal;
import org.jspecify.annotations.Nullable;

/** A call that was not answered as it should be, and what to do about it. */
public final class CoordinatorException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final Duty duty;
  private final @Nullable ErrorReason reason;
  private final @Nullable Duration retryAfter;

  private CoordinatorException(
      Duty duty,
      @Nullable ErrorReason reason,
      @Nullable Duration retryAfter,
      String message,
      @Nullable Throwable cause) {
    super(message, cause);
    this.duty = duty;
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  /** The coordinator refused the call. */
  public static CoordinatorException refused(Refusal refusal) {
    return new CoordinatorException(
        refusal.reason().duty(),
        refusal.reason(),
        refusal.retryAfter().orElse(null),
        refusal.reason().code() + (refusal.detail().isEmpty() ? "" : ": " + refusal.detail()),
        null);
  }

  /** No answer of the coordinator's own: a broken connection, a proxy, another protocol. */
  public static CoordinatorException failed(Duty duty, String message, Throwable cause) {
    return new CoordinatorException(duty, null, null, message, cause);
  }

  public Duty duty() {
    return duty;
  }

  /** Empty if the coordinator itself gave no reason. */
  public Optional<ErrorReason> reason() {
    return Optional.ofNullable(reason);
  }

  /** How long the coordinator asks to wait before the same call. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
