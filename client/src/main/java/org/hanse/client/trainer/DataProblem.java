package org.hanse.client.trainer;

/** Why a file does not answer a data contract: a closed list, so that no code tells a value. */
public enum DataProblem {
  /** No engine here reads this kind of file. */
  KIND_UNSUPPORTED("data-kind-unsupported"),
  /** The file is missing, forbidden, a directory, or reading broke off. */
  FILE_UNREADABLE("data-file-unreadable"),
  /** More values than one table may hold. */
  FILE_TOO_LARGE("data-file-too-large"),
  /** Not UTF-8. */
  ENCODING_INVALID("data-encoding-invalid"),
  /** No header, a header that is no CSV record, or a quoted field that never ends. */
  SYNTAX_INVALID("data-syntax-invalid"),
  /** A column of the contract is not in the header. */
  COLUMN_MISSING("data-column-missing"),
  /** A column of the contract is in the header twice. */
  COLUMN_REPEATED("data-column-repeated"),
  /** Fewer usable records than the contract's minimum. */
  TOO_FEW_ROWS("data-too-few-rows"),
  /** More than one record in twenty is unusable. */
  TOO_MANY_BAD_ROWS("data-too-many-bad-rows");

  private final String code;

  DataProblem(String code) {
    this.code = code;
  }

  /** What logs and reports say. */
  public String code() {
    return code;
  }
}
