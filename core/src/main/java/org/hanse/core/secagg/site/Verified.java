package org.hanse.core.secagg.site;

/** The outcome of opening what dealers sent: the value, or whose box is bad. */
sealed interface Verified<T> {
  /** Every check passed. */
  record Good<T>(T value) implements Verified<T> {}

  /** A check failed. */
  record Bad<T>(BadBox box) implements Verified<T> {}
}
