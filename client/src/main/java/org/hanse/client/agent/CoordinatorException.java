package org.hanse.client.agent;

import java.io.Serial;
import java.time.Duration;
import java.util.Optional;
import org.hanse.core.plan.SiteId;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.ErrorReason.Duty;
import org.hanse.wire.status.Refusal;
import org.jspecify.annotations.Nullable;

/** A call that was not answered as it should be, and what to do about it. */
public final class CoordinatorException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final Problem problem;
  private final Duty duty;
  private final @Nullable ErrorReason reason;
  private final @Nullable Duration retryAfter;

  private CoordinatorException(
      Problem problem, Duty duty, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.problem = problem;
    this.duty = duty;
    this.reason = null;
    this.retryAfter = null;
  }

  private CoordinatorException(Refusal refusal) {
    super(refusal.reason().code() + (refusal.detail().isEmpty() ? "" : ": " + refusal.detail()));
    this.problem = Problem.REFUSED;
    this.duty = refusal.reason().duty();
    this.reason = refusal.reason();
    this.retryAfter = refusal.retryAfter().orElse(null);
  }

  /** What is wrong. */
  public enum Problem {
    /** The coordinator refused the call and said why. */
    REFUSED,
    /** No answer of the coordinator's own: a broken connection, a proxy, another protocol. */
    NO_ANSWER,
    /** It answered with what it must not answer. */
    PROTOCOL_VIOLATION,
    /** It knows this site's TLS certificate as another site's. */
    OTHER_SITE
  }

  /** The coordinator refused the call. */
  public static CoordinatorException refused(Refusal refusal) {
    return new CoordinatorException(refusal);
  }

  /** No answer of the coordinator's own: a broken connection, a proxy, another protocol. */
  public static CoordinatorException failed(Duty duty, String message, Throwable cause) {
    return new CoordinatorException(Problem.NO_ANSWER, duty, message, cause);
  }

  /** The answer is none that a coordinator may give; the next one may be better. */
  public static CoordinatorException violation(String message, Throwable cause) {
    return new CoordinatorException(Problem.PROTOCOL_VIOLATION, Duty.RETRY, message, cause);
  }

  /** Configuration and TLS certificate belong to two sites. */
  static CoordinatorException otherSite(SiteId configured, SiteId certified) {
    return new CoordinatorException(
        Problem.OTHER_SITE,
        Duty.FIX,
        "the TLS certificate is that of "
            + certified
            + ", the configuration is that of "
            + configured,
        null);
  }

  public Problem problem() {
    return problem;
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
