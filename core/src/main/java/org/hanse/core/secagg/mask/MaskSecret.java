package org.hanse.core.secagg.mask;

import java.util.Optional;
import org.hanse.core.crypto.AgreementKey;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.crypto.CryptoException;
import org.hanse.core.crypto.Erasable;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.KeyDerivation;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.X25519Key;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.FromSite;

/**
 * What all pairwise masks of a site follow from, and what it shares among its peers: whoever
 * rebuilds it can redo the site's side of every pair, what it encapsulated included.
 */
public final class MaskSecret implements Erasable {
  /** Size of the secret. */
  public static final int SIZE_BYTES = X25519Key.SIZE_BYTES;

  private final Hash context;
  private final SecretBytes secret;
  private final AgreementKey key;

  private MaskSecret(Hash context, SecretBytes secret, AgreementKey key) {
    this.context = context;
    this.secret = secret;
    this.key = key;
  }

  /**
   * Takes over the secret.
   *
   * @param secret 32 bytes: the X25519 scalar, or in a hybrid suite the seed of both keys
   */
  public static MaskSecret of(Suite suite, Hash context, SecretBytes secret) {
    return new MaskSecret(
        context, secret, suite.hybrid() ? hybrid(context, secret) : AgreementKey.classical(secret));
  }

  private static AgreementKey hybrid(Hash context, SecretBytes seed) {
    try (SecretBytes scalar = KeyDerivation.derive(seed, context, "flsa1/kx", new Fields());
        SecretBytes d = KeyDerivation.derive(seed, context, "flsa1/kem-d", new Fields());
        SecretBytes z = KeyDerivation.derive(seed, context, "flsa1/kem-z", new Fields())) {
      return AgreementKey.hybrid(scalar, d, z);
    }
  }

  /** The secret itself, erased with this. */
  public SecretBytes secret() {
    return secret;
  }

  /** What the site advertises. */
  public AgreementPublicKey publicKey() {
    return key.publicKey();
  }

  /** What this site, the lower one, puts beside its box for {@code higher} in a hybrid suite. */
  public Optional<Bytes> encapsulationFor(FromSite.Advertisement higher) {
    try (AgreementKey.Agreed agreed = agreeWith(higher)) {
      return agreed.ciphertext();
    }
  }

  /**
   * The mask shared with a higher site.
   *
   * @throws CryptoException if the other key is not usable
   */
  public MaskSeed seedWithHigher(FromSite.Advertisement own, FromSite.Advertisement higher) {
    try (AgreementKey.Agreed agreed = agreeWith(higher)) {
      return MaskSeed.pair(context, agreed, own, higher);
    }
  }

  /**
   * The same, where it is shown what this site dealt.
   *
   * @throws CryptoException also if that is not what it should have dealt
   */
  MaskSeed seedWithHigher(
      FromSite.Advertisement own, FromSite.Advertisement higher, Optional<Bytes> dealt) {
    try (AgreementKey.Agreed agreed = agreeWith(higher)) {
      if (!agreed.ciphertext().equals(dealt)) {
        throw new CryptoException();
      }
      return MaskSeed.pair(context, agreed, own, higher);
    }
  }

  /**
   * The mask shared with a lower site.
   *
   * @param encapsulation what is beside the lower site's box for this one
   * @throws CryptoException if the other key is not usable, or the encapsulation missing, out of
   *     place, or not to this site's key
   */
  public MaskSeed seedWithLower(
      FromSite.Advertisement lower, FromSite.Advertisement own, Optional<Bytes> encapsulation) {
    try (AgreementKey.Agreed agreed = key.agreeFrom(lower.maskKey(), encapsulation)) {
      return MaskSeed.pair(context, agreed, lower, own);
    }
  }

  private AgreementKey.Agreed agreeWith(FromSite.Advertisement higher) {
    try (SecretBytes coins = coins(higher.site())) {
      return key.agreeTo(higher.maskKey(), coins);
    }
  }

  /** So that they can be redone, and differ for each peer. */
  private SecretBytes coins(Fingerprint higher) {
    return KeyDerivation.derive(secret, context, "flsa1/kem-m", new Fields().fingerprint(higher));
  }

  /** Zeroes the secret and the keys. */
  @Override
  public void erase() {
    secret.erase();
    key.erase();
  }
}
