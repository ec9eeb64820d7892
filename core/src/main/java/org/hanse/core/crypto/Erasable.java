package org.hanse.core.crypto;

/**
 * Holds secrets that its owner zeroes once nothing needs them any more. A secret that only one
 * block needs is a resource of a try statement, so that it is gone however the block ends.
 */
public interface Erasable extends AutoCloseable {
  /** Zeroes the secrets; may be repeated. */
  void erase();

  /** The same as {@link #erase}. */
  @Override
  default void close() {
    erase();
  }

  /** All of these as one; what is in {@code secrets} when it is erased counts. */
  static Erasable all(Iterable<? extends Erasable> secrets) {
    return () -> secrets.forEach(Erasable::erase);
  }
}
