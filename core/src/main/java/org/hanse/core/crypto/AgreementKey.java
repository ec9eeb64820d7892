package org.hanse.core.crypto;

import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;

/**
 * A key pair that a secret is agreed on with: X25519, and in hybrid suites ML-KEM-768 beside it, so
 * that the secret holds while one of the two does. X25519 needs nothing but the keys; ML-KEM has a
 * direction, from the site that encapsulates to the one that decapsulates.
 */
public final class AgreementKey implements Erasable {
  private final X25519Key x25519;
  private final Optional<MlKemKey> mlKem;

  /** Takes over both. */
  AgreementKey(X25519Key x25519, Optional<MlKemKey> mlKem) {
    this.x25519 = x25519;
    this.mlKem = mlKem;
  }

  /** X25519 alone; copies the scalar, 32 bytes. */
  public static AgreementKey classical(SecretBytes scalar) {
    return new AgreementKey(X25519Key.fromSecret(scalar), Optional.empty());
  }

  /** Both; copies the scalar and ML-KEM's seeds, 32 bytes each. */
  public static AgreementKey hybrid(SecretBytes scalar, SecretBytes d, SecretBytes z) {
    return new AgreementKey(X25519Key.fromSecret(scalar), Optional.of(MlKemKey.fromSeeds(d, z)));
  }

  /**
   * What two sites agreed on.
   *
   * @param secret X25519's 32 bytes, in hybrid suites ML-KEM's 32 behind them
   * @param ciphertext what carried ML-KEM's part, {@link MlKemKey#CIPHERTEXT_BYTES} bytes; present
   *     in hybrid suites only
   */
  public record Agreed(SecretBytes secret, Optional<Bytes> ciphertext) implements Erasable {
    /** SHA-256 of the ciphertext, which binds whatever is derived to it. */
    public Optional<Hash> ciphertextHash() {
      return ciphertext.map(sent -> LabelledHash.sha256(sent.toByteArray()));
    }

    @Override
    public void erase() {
      secret.erase();
    }
  }

  public AgreementPublicKey publicKey() {
    return new AgreementPublicKey(x25519.publicKey(), mlKem.map(MlKemKey::publicKey));
  }

  /**
   * The encapsulating side.
   *
   * @param receiver usable, and of the same suite as this key
   * @param coins 32 bytes that decide the ciphertext; unused where the suite is not hybrid
   * @throws CryptoException if {@code receiver} is not usable
   */
  public Agreed agreeTo(AgreementPublicKey receiver, SecretBytes coins) {
    if (receiver.mlKem().isEmpty()) {
      return new Agreed(x25519.agree(receiver.x25519()), Optional.empty());
    }
    try (SecretBytes classical = x25519.agree(receiver.x25519());
        MlKemKey.Encapsulation made = MlKemKey.encapsulate(receiver.mlKem().get(), coins)) {
      return new Agreed(joined(classical, made.secret()), Optional.of(made.ciphertext()));
    }
  }

  /**
   * The decapsulating side.
   *
   * @param ciphertext what the sender's {@link #agreeTo} gave
   * @throws CryptoException if {@code sender} is not usable, or the ciphertext is missing, not
   *     expected, or no encapsulation to this key
   */
  public Agreed agreeFrom(AgreementPublicKey sender, Optional<Bytes> ciphertext) {
    if (mlKem.isPresent() != ciphertext.isPresent()) {
      throw new CryptoException();
    }
    if (mlKem.isEmpty()) {
      return new Agreed(x25519.agree(sender.x25519()), Optional.empty());
    }
    try (SecretBytes classical = x25519.agree(sender.x25519());
        SecretBytes carried = mlKem.get().decapsulate(ciphertext.get())) {
      return new Agreed(joined(classical, carried), ciphertext);
    }
  }

  private static SecretBytes joined(SecretBytes classical, SecretBytes postQuantum) {
    return SecretBytes.concatenate(List.of(classical, postQuantum));
  }

  /** Zeroes the secret halves. */
  @Override
  public void erase() {
    x25519.erase();
    mlKem.ifPresent(MlKemKey::erase);
  }

  @Override
  public String toString() {
    return "agreement key " + x25519.publicKey();
  }
}
