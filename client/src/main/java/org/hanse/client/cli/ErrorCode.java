package org.hanse.client.cli;

/** Codes of what the command line itself finds wrong; docs/command-errors.md explains each. */
enum ErrorCode {
  BAD_ARGUMENTS("bad-arguments", ExitCode.BAD_ARGUMENTS_OR_CONFIGURATION),
  CONFIG_INVALID("config-invalid", ExitCode.BAD_ARGUMENTS_OR_CONFIGURATION),
  FILE_UNUSABLE("file-unusable", ExitCode.BAD_ARGUMENTS_OR_CONFIGURATION),
  KEY_FILE_UNUSABLE("key-file-unusable", ExitCode.BAD_ARGUMENTS_OR_CONFIGURATION),
  SITE_MISMATCH("site-mismatch", ExitCode.BAD_ARGUMENTS_OR_CONFIGURATION),
  CONNECTION_FAILED("connection-failed", ExitCode.CONNECTION_OR_AUTHORIZATION),
  TIMEOUT("timeout", ExitCode.TIMEOUT),
  PROTOCOL_VIOLATION("protocol-violation", ExitCode.FAILED),
  RECEIPT_MISMATCH("receipt-mismatch", ExitCode.FAILED),
  MANIFEST_MISMATCH("manifest-mismatch", ExitCode.FAILED),
  DOWNLOAD_MISMATCH("download-mismatch", ExitCode.FAILED),
  NO_BEST_MODEL("no-best-model", ExitCode.FAILED),
  DOWNLOAD_STALLED("download-stalled", ExitCode.FAILED),
  JOB_FAILED("job-failed", ExitCode.FAILED),
  AUDIT_FAILED("audit-failed", ExitCode.FAILED),
  FILE_FAILED("file-failed", ExitCode.FAILED),
  INTERRUPTED("interrupted", ExitCode.FAILED),
  INTERNAL_ERROR("internal-error", ExitCode.OUR_BUG);

  static final String PAGE = "docs/command-errors.md";

  private final String text;
  private final int exitCode;

  ErrorCode(String text, int exitCode) {
    this.text = text;
    this.exitCode = exitCode;
  }

  /** Stable words with hyphens, for scripts and documentation. */
  String text() {
    return text;
  }

  int exitCode() {
    return exitCode;
  }
}
