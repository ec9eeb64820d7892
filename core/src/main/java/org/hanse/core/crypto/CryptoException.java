package org.hanse.core.crypto;

/**
 * A cryptographic operation failed. Opaque on purpose: says nothing about keys, texts or causes.
 */
public final class CryptoException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CryptoException() {
    super("cryptographic operation failed");
  }
}
