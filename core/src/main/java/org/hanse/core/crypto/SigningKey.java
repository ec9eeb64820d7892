package org.hanse.core.crypto;

import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;

/** An Ed25519 key pair (RFC 8032); signatures are deterministic. */
public final class SigningKey {
  private final SecretBytes seed;
  private final Bytes publicKey;
  private final Fingerprint fingerprint;

  private SigningKey(SecretBytes seed, Bytes publicKey) {
    this.seed = seed;
    this.publicKey = publicKey;
    this.fingerprint = Fingerprints.of(publicKey);
  }

  /**
   * Copies the 32-byte seed that RFC 8032 calls the private key.
   *
   * @throws IllegalArgumentException if it has another size
   */
  public static SigningKey fromSeed(SecretBytes seed) {
    if (seed.size() != Ed25519.SECRET_KEY_SIZE) {
      throw new IllegalArgumentException("Ed25519 seed of " + seed.size() + " bytes");
    }
    byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(seed.reveal(), 0, publicKey, 0);
    return new SigningKey(SecretBytes.copyOf(seed.reveal()), Bytes.of(publicKey));
  }

  /** 32 bytes. */
  public Bytes publicKey() {
    return publicKey;
  }

  /** What manifests pin: the hash of the public key's DER encoding. */
  public Fingerprint fingerprint() {
    return fingerprint;
  }

  /** 64 bytes. */
  public Bytes sign(byte[] message) {
    byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
    Ed25519.sign(
        seed.reveal(), 0, publicKey.toByteArray(), 0, message, 0, message.length, signature, 0);
    return Bytes.of(signature);
  }

  @Override
  public String toString() {
    return "Ed25519 key " + fingerprint;
  }
}
