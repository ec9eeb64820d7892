package org.hanse.wire.status;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;
import org.hanse.wire.MalformedMessageException;

/** Between refusals and gRPC statuses: the only class that names a gRPC status code. */
public final class StatusMapper {
  static final Metadata.Key<String> REASON =
      Metadata.Key.of("hanse-reason", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> FIELD =
      Metadata.Key.of("hanse-field", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> RETRY_AFTER_MILLIS =
      Metadata.Key.of("hanse-retry-after-millis", Metadata.ASCII_STRING_MARSHALLER);

  /** Longest text for people in a status. */
  private static final int MAX_DETAIL_LENGTH = 300;

  private static final long MAX_RETRY_MILLIS = Duration.ofHours(1).toMillis();

  private StatusMapper() {}

  /** The table of docs/protocol-errors.md. */
  static Status.Code codeOf(ErrorReason reason) {
    return switch (reason) {
      case CERTIFICATE_REFUSED -> Status.Code.UNAUTHENTICATED;
      case WRONG_ROLE, NOT_A_MEMBER, FOREIGN_SITE -> Status.Code.PERMISSION_DENIED;
      case SIGNING_CERTIFICATE_REFUSED,
          FIELD_INVALID,
          SIGNATURE_INVALID,
          KEY_INVALID,
          SHARE_INVALID,
          WRONG_SET,
          WRONG_LENGTH,
          WRONG_ROOT,
          MANIFEST_INVALID,
          MODEL_MISMATCH,
          FOREIGN_COORDINATOR ->
          Status.Code.INVALID_ARGUMENT;
      case CHUNK_OUT_OF_ORDER, OFFSET_OUT_OF_RANGE -> Status.Code.OUT_OF_RANGE;
      case HELLO_REQUIRED, UNSUPPORTED_VERSION, EARLY, LATE, CONVICTED, JOB_OVER ->
          Status.Code.FAILED_PRECONDITION;
      case STALE_ROUND, NOT_IN_COHORT, SILENT, GONE, WITHDREW -> Status.Code.ABORTED;
      case DIFFERENT_REPEAT, JOB_EXISTS -> Status.Code.ALREADY_EXISTS;
      case UNKNOWN_JOB, UNKNOWN_MODEL, RESULT_UNAVAILABLE, AUDIT_UNAVAILABLE ->
          Status.Code.NOT_FOUND;
      case OVERLOADED, MESSAGE_TOO_LARGE -> Status.Code.RESOURCE_EXHAUSTED;
      case STARTING, SHUTTING_DOWN, STORAGE_UNAVAILABLE -> Status.Code.UNAVAILABLE;
      case CALL_CANCELLED -> Status.Code.CANCELLED;
      case CALL_TIMED_OUT -> Status.Code.DEADLINE_EXCEEDED;
      case INTERNAL -> Status.Code.INTERNAL;
    };
  }

  public static StatusRuntimeException toStatus(ErrorReason reason, String detail) {
    return toStatus(Refusal.of(reason, detail));
  }

  /** What the peer sees: no stack trace, no cause, and of {@code INTERNAL} no text either. */
  public static StatusRuntimeException toStatus(Refusal refusal) {
    Metadata trailers = new Metadata();
    trailers.put(REASON, refusal.reason().code());
    refusal.field().ifPresent(field -> trailers.put(FIELD, printable(field)));
    refusal
        .retryAfter()
        .ifPresent(delay -> trailers.put(RETRY_AFTER_MILLIS, Long.toString(delay.toMillis())));
    Status status = codeOf(refusal.reason()).toStatus();
    return refusal.reason() == ErrorReason.INTERNAL || refusal.detail().isEmpty()
        ? status.asRuntimeException(trailers)
        : status.withDescription(printable(refusal.detail())).asRuntimeException(trailers);
  }

  /**
   * The status for anything a service threw. An exception that names no reason of ours is our bug:
   * the peer learns that it happened and nothing else.
   */
  public static StatusRuntimeException toStatus(Throwable thrown) {
    return switch (thrown) {
      case MalformedMessageException malformed -> toStatus(Refusal.of(malformed));
      case StatusRuntimeException status
          when status.getStatus().getCause() instanceof InvalidProtocolBufferException ->
          toStatus(ErrorReason.FIELD_INVALID, "must be a valid message");
      case StatusRuntimeException status when isOurs(status.getStatus(), trailersOf(status)) ->
          toStatus(refusalOf(status).orElseThrow());
      default -> toStatus(ErrorReason.INTERNAL, "");
    };
  }

  /** True if the trailers carry a reason that belongs to the code. */
  static boolean isOurs(Status status, Metadata trailers) {
    return reasonIn(trailers).filter(reason -> codeOf(reason) == status.getCode()).isPresent();
  }

  /** Empty for statuses of gRPC itself, of a proxy on the way, or of a newer coordinator. */
  public static Optional<ErrorReason> reasonOf(StatusRuntimeException e) {
    return reasonIn(trailersOf(e));
  }

  /** All that the peer said; empty where {@link #reasonOf} is. */
  public static Optional<Refusal> refusalOf(StatusRuntimeException e) {
    return reasonOf(e).map(reason -> refusalOf(reason, e.getStatus(), trailersOf(e)));
  }

  private static Refusal refusalOf(ErrorReason reason, Status status, Metadata trailers) {
    String description = status.getDescription();
    return new Refusal(
        reason,
        description == null ? "" : printable(description),
        Optional.ofNullable(trailers.get(FIELD)).map(StatusMapper::printable),
        Optional.ofNullable(trailers.get(RETRY_AFTER_MILLIS)).flatMap(StatusMapper::delay));
  }

  /**
   * What to do about any failed call, also where no reason came along: a broken connection and an
   * exceeded deadline are worth the same call again, an unknown method or an oversized message are
   * not.
   */
  public static ErrorReason.Duty dutyOf(StatusRuntimeException e) {
    return reasonOf(e).map(ErrorReason::duty).orElseGet(() -> dutyOf(e.getStatus().getCode()));
  }

  private static ErrorReason.Duty dutyOf(Status.Code code) {
    return switch (code) {
      case OK, UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, UNKNOWN, INTERNAL, DATA_LOSS ->
          ErrorReason.Duty.RETRY;
      case ABORTED -> ErrorReason.Duty.REJOIN;
      case UNAUTHENTICATED,
          PERMISSION_DENIED,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          FAILED_PRECONDITION,
          OUT_OF_RANGE,
          RESOURCE_EXHAUSTED,
          UNIMPLEMENTED ->
          ErrorReason.Duty.FIX;
    };
  }

  private static Metadata trailersOf(StatusRuntimeException e) {
    Metadata trailers = e.getTrailers();
    return trailers == null ? new Metadata() : trailers;
  }

  private static Optional<ErrorReason> reasonIn(Metadata trailers) {
    return Optional.ofNullable(trailers.get(REASON)).flatMap(ErrorReason::byCode);
  }

  private static Optional<Duration> delay(String millis) {
    try {
      return Optional.of(
          Duration.ofMillis(Math.clamp(Long.parseLong(millis), 0, MAX_RETRY_MILLIS)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Printable ASCII of bounded length, whatever came in: headers, terminals and logs are safe. */
  public static String printable(String text) {
    String head =
        text.length() > MAX_DETAIL_LENGTH ? text.substring(0, MAX_DETAIL_LENGTH) + "..." : text;
    return head.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
