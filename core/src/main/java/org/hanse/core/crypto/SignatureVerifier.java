package org.hanse.core.crypto;

import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.hanse.core.plan.Bytes;

/** Checks Ed25519 signatures (RFC 8032). */
public final class SignatureVerifier {
  private SignatureVerifier() {}

  /**
   * Whether {@code signature} is the owner's on {@code message}. Anything malformed, by size or as
   * a curve point, is just not a signature.
   *
   * @param publicKey 32 bytes
   * @param signature 64 bytes
   */
  public static boolean verify(Bytes publicKey, byte[] message, Bytes signature) {
    return publicKey.size() == Ed25519.PUBLIC_KEY_SIZE
        && signature.size() == Ed25519.SIGNATURE_SIZE
        && Ed25519.verify(
            signature.toByteArray(), 0, publicKey.toByteArray(), 0, message, 0, message.length);
  }
}
