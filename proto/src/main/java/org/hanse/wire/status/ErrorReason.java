package org.hanse.wire.status;

import java.util.Optional;

/**
 * Why a call was refused: a closed list with stable codes. The page docs/protocol-errors.md
 * explains each.
 */
public enum ErrorReason {
  // Who is calling
  CERTIFICATE_REFUSED("certificate-refused", Duty.FIX),
  WRONG_ROLE("wrong-role", Duty.FIX),
  NOT_A_MEMBER("not-a-member", Duty.FIX),
  FOREIGN_SITE("foreign-site", Duty.FIX),
  SIGNING_CERTIFICATE_REFUSED("signing-certificate-refused", Duty.FIX),
  HELLO_REQUIRED("hello-required", Duty.REJOIN),
  UNSUPPORTED_VERSION("unsupported-version", Duty.FIX),

  // What is being said
  FIELD_INVALID("field-invalid", Duty.FIX),
  MESSAGE_TOO_LARGE("message-too-large", Duty.FIX),
  DIFFERENT_REPEAT("different-repeat", Duty.FIX),
  SIGNATURE_INVALID("signature-invalid", Duty.FIX),
  KEY_INVALID("key-invalid", Duty.FIX),
  SHARE_INVALID("share-invalid", Duty.FIX),
  WRONG_SET("wrong-set", Duty.FIX),
  WRONG_LENGTH("wrong-length", Duty.FIX),
  WRONG_ROOT("wrong-root", Duty.FIX),
  CHUNK_OUT_OF_ORDER("chunk-out-of-order", Duty.RESUME),
  OFFSET_OUT_OF_RANGE("offset-out-of-range", Duty.FIX),

  // When it is said
  EARLY("early", Duty.REJOIN),
  LATE("late", Duty.REJOIN),
  STALE_ROUND("stale-round", Duty.REJOIN),
  NOT_IN_COHORT("not-in-cohort", Duty.REJOIN),
  SILENT("silent", Duty.REJOIN),
  GONE("gone", Duty.REJOIN),
  WITHDREW("withdrew", Duty.REJOIN),
  CONVICTED("convicted", Duty.FIX),

  // Jobs
  UNKNOWN_JOB("unknown-job", Duty.FIX),
  UNKNOWN_MODEL("unknown-model", Duty.FIX),
  RESULT_UNAVAILABLE("result-unavailable", Duty.REJOIN),
  AUDIT_UNAVAILABLE("audit-unavailable", Duty.REJOIN),
  JOB_EXISTS("job-exists", Duty.FIX),
  JOB_OVER("job-over", Duty.FIX),
  MANIFEST_INVALID("manifest-invalid", Duty.FIX),
  MODEL_MISMATCH("model-mismatch", Duty.FIX),
  FOREIGN_COORDINATOR("foreign-coordinator", Duty.FIX),

  // How the coordinator is
  OVERLOADED("overloaded", Duty.RETRY),
  STARTING("starting", Duty.RETRY),
  SHUTTING_DOWN("shutting-down", Duty.RETRY),
  STORAGE_UNAVAILABLE("storage-unavailable", Duty.RETRY),
  CALL_CANCELLED("call-cancelled", Duty.RETRY),
  CALL_TIMED_OUT("call-timed-out", Duty.RETRY),
  INTERNAL("internal", Duty.RETRY);

  /** What the caller does about it. */
  public enum Duty {
    /** Nothing will change until somebody changes the request, a file or a program. */
    FIX,
    /** The same call again, after the delay given or a growing one. */
    RETRY,
    /** Say hello if asked to, then ask for work: the newest item says how to go on. */
    REJOIN,
    /** Ask how much of the upload is stored and go on from there. */
    RESUME
  }

  private final String code;
  private final Duty duty;

  ErrorReason(String code, Duty duty) {
    this.code = code;
    this.duty = duty;
  }

  /** Stable, lower-case words with hyphens: what programs compare. */
  public String code() {
    return code;
  }

  public Duty duty() {
    return duty;
  }

  /** Empty for a code of a newer build. */
  public static Optional<ErrorReason> byCode(String code) {
    for (ErrorReason reason : values()) {
      if (reason.code.equals(code)) {
        return Optional.of(reason);
      }
    }
    return Optional.empty();
  }
}
