package org.hanse.wire.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.hanse.core.secagg.DropReason;
import org.hanse.wire.MalformedMessageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatusMapperTest {
  @Test
  void codes_allReasons_areDistinctWords() {
    assertThat(Arrays.stream(ErrorReason.values()).map(ErrorReason::code))
        .doesNotHaveDuplicates()
        .allMatch(code -> code.matches("[a-z]+(-[a-z]+)*"));
  }

  @ParameterizedTest
  @EnumSource
  void refusalOf_toStatus_isTheRefusal(ErrorReason reason) {
    boolean silent = reason == ErrorReason.INTERNAL;
    Refusal refusal =
        new Refusal(
            reason,
            silent ? "" : "say it in words",
            Optional.of("shares.entries[3].nonce"),
            Optional.of(Duration.ofMillis(1500)));

    StatusRuntimeException status = StatusMapper.toStatus(refusal);

    assertThat(StatusMapper.reasonOf(status)).contains(reason);
    assertThat(StatusMapper.refusalOf(status)).contains(refusal);
    assertThat(StatusMapper.dutyOf(status)).isEqualTo(reason.duty());
    assertThat(status.getStatus().isOk()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void refusal_ofDropReason_hasReasonOfTheSameName(DropReason reason) {
    assertThat(Refusal.of(reason, "x").reason().name()).isEqualTo(reason.name());
  }

  @Test
  void toStatus_malformedMessage_isFieldInvalidWithPath() {
    StatusRuntimeException status =
        StatusMapper.toStatus(
            new MalformedMessageException("attempt.job", "must have 12 bytes, not 11"));

    assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(StatusMapper.refusalOf(status))
        .contains(
            new Refusal(
                ErrorReason.FIELD_INVALID,
                "must have 12 bytes, not 11",
                Optional.of("attempt.job"),
                Optional.empty()));
  }

  @Test
  void toStatus_foreignExceptions_sayNothing() {
    Exception[] foreign = {
      new IllegalStateException("SELECT * FROM jobs; /srv/hanse/data"),
      new java.io.UncheckedIOException(new java.io.IOException("/srv/hanse/data: full")),
      Status.UNKNOWN.withDescription("Application error").asRuntimeException(),
      Status.NOT_FOUND.withDescription("/srv/hanse/data").asRuntimeException(),
      mislabelled()
    };
    for (Exception e : foreign) {
      StatusRuntimeException status = StatusMapper.toStatus(e);

      assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
      assertThat(status.getStatus().getDescription()).isNull();
      assertThat(status.getStatus().getCause()).isNull();
      assertThat(StatusMapper.refusalOf(status)).contains(Refusal.of(ErrorReason.INTERNAL, ""));
    }
  }

  /** A known reason under another code than the table's. */
  private static StatusRuntimeException mislabelled() {
    Metadata trailers = new Metadata();
    trailers.put(StatusMapper.REASON, "late");
    return Status.UNKNOWN.withDescription("/srv/hanse/data").asRuntimeException(trailers);
  }

  @Test
  void toStatus_ownStatus_isKept() {
    StatusRuntimeException own = StatusMapper.toStatus(ErrorReason.UNKNOWN_JOB, "no job a");

    assertThat(StatusMapper.refusalOf(StatusMapper.toStatus((Throwable) own)))
        .isEqualTo(StatusMapper.refusalOf(own));
  }

  @Test
  void toStatus_internalWithDetail_dropsTheDetail() {
    assertThat(
            StatusMapper.toStatus(ErrorReason.INTERNAL, "/srv/hanse").getStatus().getDescription())
        .isNull();
  }

  @Test
  void toStatus_detailOfAnyContent_isPrintableAndShort() {
    String detail = "a\r\nforged: header\u001b[2J" + "é".repeat(5000);

    assertThat(StatusMapper.toStatus(ErrorReason.LATE, detail).getStatus().getDescription())
        .startsWith("a??forged: header?[2J")
        .matches("[ -~]{1,303}");
  }

  @Test
  void refusalOf_hostileTrailers_isPrintableAndBounded() {
    Metadata trailers = new Metadata();
    trailers.put(StatusMapper.REASON, "overloaded");
    trailers.put(StatusMapper.RETRY_AFTER_MILLIS, "9223372036854775807");

    Refusal refusal =
        StatusMapper.refusalOf(
                Status.RESOURCE_EXHAUSTED
                    .withDescription("\u001b[2Jx")
                    .asRuntimeException(trailers))
            .orElseThrow();

    assertThat(refusal.retryAfter()).contains(Duration.ofHours(1));
    assertThat(refusal.detail()).isEqualTo("?[2Jx");
    trailers.discardAll(StatusMapper.RETRY_AFTER_MILLIS);
    trailers.put(StatusMapper.RETRY_AFTER_MILLIS, "soon");
    assertThat(
            StatusMapper.refusalOf(Status.RESOURCE_EXHAUSTED.asRuntimeException(trailers))
                .orElseThrow()
                .retryAfter())
        .isEmpty();
  }

  @Test
  void reasonOf_noneOrUnknown_isEmpty() {
    Metadata newer = new Metadata();
    newer.put(StatusMapper.REASON, "reason-of-a-newer-build");

    assertThat(StatusMapper.reasonOf(Status.UNAVAILABLE.asRuntimeException())).isEmpty();
    assertThat(StatusMapper.reasonOf(Status.ABORTED.asRuntimeException(newer))).isEmpty();
  }

  @Test
  void dutyOf_statusWithoutReason_followsTheCode() {
    assertThat(StatusMapper.dutyOf(Status.UNAVAILABLE.asRuntimeException()))
        .isEqualTo(ErrorReason.Duty.RETRY);
    assertThat(StatusMapper.dutyOf(Status.UNIMPLEMENTED.asRuntimeException()))
        .isEqualTo(ErrorReason.Duty.FIX);
    assertThat(StatusMapper.dutyOf(Status.RESOURCE_EXHAUSTED.asRuntimeException()))
        .isEqualTo(ErrorReason.Duty.FIX);
    assertThat(StatusMapper.dutyOf(Status.ABORTED.asRuntimeException()))
        .isEqualTo(ErrorReason.Duty.REJOIN);
  }
}
