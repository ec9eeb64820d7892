package org.hanse.simulation.authority;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.hanse.core.plan.Fingerprint;

/** An Ed25519 key pair made from 32 given bytes (RFC 8032, RFC 8410). */
public final class SigningKey {
  private static final AlgorithmIdentifier ED25519 =
      new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);

  private final PrivateKeyInfo privateKey;
  private final SubjectPublicKeyInfo publicKey;

  private SigningKey(PrivateKeyInfo privateKey, SubjectPublicKeyInfo publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  /** Makes the key pair whose private key is {@code seed}, 32 bytes. */
  public static SigningKey of(byte[] seed) {
    Ed25519PrivateKeyParameters key = new Ed25519PrivateKeyParameters(seed);
    try {
      return new SigningKey(
          new PrivateKeyInfo(ED25519, new DEROctetString(seed)),
          new SubjectPublicKeyInfo(ED25519, key.generatePublicKey().getEncoded()));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // encoding to memory
    }
  }

  /** SHA-256 over the DER SubjectPublicKeyInfo: the name by which a manifest pins the member. */
  public Fingerprint fingerprint() {
    try {
      return Fingerprint.of(MessageDigest.getInstance("SHA-256").digest(publicKey.getEncoded()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // encoding to memory
    }
  }

  PrivateKeyInfo privateKey() {
    return privateKey;
  }

  SubjectPublicKeyInfo publicKey() {
    return publicKey;
  }
}
