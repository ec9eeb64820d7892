package org.hanse.core.crypto;

import org.bouncycastle.math.ec.rfc7748.X25519;
import org.hanse.core.plan.Bytes;

/** An X25519 key pair (RFC 7748). */
public final class X25519Key implements Erasable {
  /** Size of a scalar and of a public key. */
  public static final int SIZE_BYTES = X25519.SCALAR_SIZE;

  private final SecretBytes scalar;
  private final Bytes publicKey;

  private X25519Key(SecretBytes scalar, Bytes publicKey) {
    this.scalar = scalar;
    this.publicKey = publicKey;
  }

  /**
   * Copies and clamps 32 secret bytes.
   *
   * @throws IllegalArgumentException if they are not 32
   */
  public static X25519Key fromSecret(SecretBytes secret) {
    if (secret.size() != SIZE_BYTES) {
      throw new IllegalArgumentException("X25519 secret of " + secret.size() + " bytes");
    }
    byte[] scalar = secret.toByteArray();
    X25519.clampPrivateKey(scalar);
    byte[] point = new byte[X25519.POINT_SIZE];
    X25519.scalarMultBase(scalar, 0, point, 0);
    return new X25519Key(SecretBytes.adopt(scalar), Bytes.of(point));
  }

  /** u < 2^255-19 and the top bit is clear: the only encoding of that key. */
  public static boolean canonical(Bytes publicKey) {
    return Field25519.isCanonical(publicKey.toByteArray());
  }

  /**
   * Whether every agreement with this key gives the all-zero secret. Any scalar tells: clamping
   * makes it a multiple of the cofactor.
   */
  public static boolean isOfSmallOrder(Bytes publicKey) {
    byte[] scalar = new byte[SIZE_BYTES];
    X25519.clampPrivateKey(scalar);
    byte[] shared = new byte[X25519.POINT_SIZE];
    return !X25519.calculateAgreement(scalar, 0, publicKey.toByteArray(), 0, shared, 0);
  }

  /** The public key: 32 bytes, little-endian u coordinate, canonical. */
  public Bytes publicKey() {
    return publicKey;
  }

  /** The clamped scalar, little-endian; shared with this key and erased with it. */
  public SecretBytes scalar() {
    return scalar;
  }

  /**
   * The shared secret with the owner of {@code peerPublicKey}.
   *
   * @throws CryptoException if the key is not 32 bytes or of small order (all-zero output)
   */
  public SecretBytes agree(Bytes peerPublicKey) {
    if (peerPublicKey.size() != X25519.POINT_SIZE) {
      throw new CryptoException();
    }
    byte[] shared = new byte[X25519.POINT_SIZE];
    if (!X25519.calculateAgreement(scalar.reveal(), 0, peerPublicKey.toByteArray(), 0, shared, 0)) {
      throw new CryptoException();
    }
    return SecretBytes.adopt(shared);
  }

  /** Zeroes the scalar. */
  @Override
  public void erase() {
    scalar.erase();
  }

  @Override
  public String toString() {
    return "X25519 key " + publicKey;
  }
}
