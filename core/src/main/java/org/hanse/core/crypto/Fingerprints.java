package org.hanse.core.crypto;

import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;

/** The names of signing keys. */
public final class Fingerprints {
  /** DER of SubjectPublicKeyInfo up to the key itself: RFC 8410, section 4. */
  private static final byte[] SPKI_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private Fingerprints() {}

  /**
   * SHA-256 over the DER SubjectPublicKeyInfo of an Ed25519 key.
   *
   * @param ed25519PublicKey 32 bytes
   */
  public static Fingerprint of(Bytes ed25519PublicKey) {
    if (ed25519PublicKey.size() != Ed25519.PUBLIC_KEY_SIZE) {
      throw new IllegalArgumentException(
          "Ed25519 public key of " + ed25519PublicKey.size() + " bytes");
    }
    byte[] spki = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + ed25519PublicKey.size());
    System.arraycopy(
        ed25519PublicKey.toByteArray(), 0, spki, SPKI_PREFIX.length, ed25519PublicKey.size());
    return new Fingerprint(LabelledHash.sha256(spki).bytes());
  }
}
