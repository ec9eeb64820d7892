package org.hanse.core.secagg;

/** The outcome of turning a peer's message into a value: the value, or why not. */
sealed interface Verified<T> {
  record Good<T>(T value) implements Verified<T> {}

  record Bad<T>(Refusal refusal) implements Verified<T> {}

  static <T> Verified<T> bad(SiteRefusal reason, String detail) {
    return new Bad<>(new Refusal(reason, detail));
  }
}
