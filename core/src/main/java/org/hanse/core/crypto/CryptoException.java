package org.hanse.core.crypto;

/**
 * A cryptographic operation failed. Opaque on purpose: says nothing about keys, texts or causes.
 */
public final class CryptoException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** No cause and no detail: what failed must not be told apart. */
  public CryptoException() {
    super("cryptographic operation failed");
  }
}
