package org.hanse.core.secagg.site;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hanse.core.crypto.AgreementKey;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.crypto.Field25519;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.KeyDerivation;
import org.hanse.core.crypto.SealedBox;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.crypto.X25519Key;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.Commitments;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.mask.MaskSecret;

/**
 * A site's secrets of one attempt, all expanded from 32 random bytes under the attempt's context: a
 * restored or cloned machine that draws the same bytes again never repeats a secret elsewhere.
 */
final class AttemptSecrets {
  private static final String LABEL = "flsa1/secret";

  private final Hash context;
  private final Fingerprint site;
  private final SecretBytes entropy;
  private final AgreementKey channelKey;
  private final MaskSecret maskSecret;
  private final SecretBytes selfMask;
  private final SecretBytes tagKey;

  /** Takes over {@code entropy}, 32 bytes. */
  AttemptSecrets(Suite suite, SecretBytes entropy, Hash context, Fingerprint site) {
    this.context = context;
    this.site = site;
    this.entropy = entropy;
    this.channelKey = channelKey(suite);
    this.maskSecret =
        MaskSecret.of(suite, context, suite.hybrid() ? sharable("a") : sharableScalar());
    this.selfMask = sharable("b");
    this.tagKey = derive("k", 0);
  }

  Fingerprint site() {
    return site;
  }

  AgreementKey channelKey() {
    return channelKey;
  }

  /** s_u. */
  MaskSecret maskSecret() {
    return maskSecret;
  }

  /** b_u. */
  SecretBytes selfMask() {
    return selfMask;
  }

  /** k_u. */
  SecretBytes tagKey() {
    return tagKey;
  }

  /** Fresh uniform coefficients x^1 to x^(threshold-1) of the polynomial that shares one secret. */
  List<SecretBytes> polynomial(FromSite.ShareKind kind, int threshold) {
    String name =
        switch (kind) {
          case SELF_MASK -> "poly-b";
          case MASK_KEY -> "poly-s";
        };
    List<SecretBytes> coefficients = new ArrayList<>();
    for (int power = 1; power < threshold; power++) {
      coefficients.add(derive(name, power));
    }
    return coefficients;
  }

  /** The nonce of the only box that is ever sealed for the site at {@code abscissa}. */
  Bytes nonce(int abscissa) {
    try (SecretBytes derived = derive("nonce", abscissa)) {
      return Bytes.of(Arrays.copyOf(derived.toByteArray(), SealedBox.NONCE_SIZE_BYTES));
    }
  }

  /** What decides the encapsulation beside that box. */
  SecretBytes coins(int abscissa) {
    return derive("kem", abscissa);
  }

  /** M1. */
  FromSite.Advertisement advertise(SigningKey identity) {
    Hash selfMaskCommitment = Commitments.selfMask(context, site, selfMask);
    Hash tagKeyCommitment = Commitments.tagKey(context, site, tagKey);
    AgreementPublicKey channel = channelKey.publicKey();
    AgreementPublicKey mask = maskSecret.publicKey();
    Bytes signature =
        SignedContent.advertisement(channel, mask, selfMaskCommitment, tagKeyCommitment)
            .signedBy(identity, context);
    return new FromSite.Advertisement(
        site, channel, mask, selfMaskCommitment, tagKeyCommitment, signature);
  }

  /** After M3: what only dealing shares needs. */
  void eraseEntropy() {
    entropy.erase();
  }

  /** After M4: what only agreeing with peers needs. */
  void eraseKeys() {
    channelKey.erase();
    maskSecret.erase();
  }

  void erase() {
    eraseEntropy();
    eraseKeys();
    selfMask.erase();
    tagKey.erase();
  }

  private SecretBytes derive(String name, int number) {
    return KeyDerivation.derive(
        entropy, context, LABEL, new Fields().fingerprint(site).text(name).u32(number));
  }

  private AgreementKey channelKey(Suite suite) {
    try (SecretBytes scalar = derive("c", 0)) {
      if (!suite.hybrid()) {
        return AgreementKey.classical(scalar);
      }
      try (SecretBytes d = derive("c-kem-d", 0);
          SecretBytes z = derive("c-kem-z", 0)) {
        return AgreementKey.hybrid(scalar, d, z);
      }
    }
  }

  /** A value below 2^255-19, so that it can be shared; the first try fails once in 2^250. */
  private SecretBytes sharable(String name) {
    for (int number = 0; ; number++) {
      try (SecretBytes derived = derive(name, number)) {
        byte[] bytes = derived.toByteArray();
        bytes[bytes.length - 1] &= 0x7f;
        if (Field25519.isCanonical(bytes)) {
          return SecretBytes.adopt(bytes);
        }
      }
    }
  }

  /** A clamped scalar below 2^255-19. */
  private SecretBytes sharableScalar() {
    for (int number = 0; ; number++) {
      try (SecretBytes derived = derive("s", number)) {
        SecretBytes scalar = X25519Key.fromSecret(derived).scalar();
        if (Field25519.isCanonical(scalar)) {
          return scalar;
        }
      }
    }
  }
}
