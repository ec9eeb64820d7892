package org.hanse.core.secagg.site;

import org.hanse.core.secagg.SiteRefusal;

/** The outcome of turning a peer's message into a value: the value, or why not. */
sealed interface Verified<T> {
  /** Every check passed. */
  record Good<T>(T value) implements Verified<T> {}

  /** A check failed. */
  record Bad<T>(Refusal refusal) implements Verified<T> {}

  static <T> Verified<T> bad(SiteRefusal reason, String detail) {
    return new Bad<>(new Refusal(reason, detail));
  }
}
