package org.hanse.simulation.adversary;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ShareKind;
import org.hanse.core.secagg.site.SiteState;

/** A dealer in the adversary's hands: it seals what it likes, and signs it. */
final class Dealer {
  private final Federation federation;
  private final SimulatedSite site;
  private final NaiveSite secrets;
  private final Hash context;
  private final List<Fingerprint> roster;
  private final ByName<FromSite.Advertisement> keys = new ByName<>();

  Dealer(Federation federation, int number) {
    this.federation = federation;
    this.site = federation.site(number);
    this.context = federation.state().context();
    this.secrets =
        NaiveSite.of(
            site.name(), context, site.entropy(federation.state().attempt()), /* hybrid= */ false);
    this.roster = federation.sites.stream().map(SimulatedSite::name).toList();
    for (FromSite.Advertisement ad : federation.sent(FromSite.Advertisement.class)) {
      keys.put(ad.site(), ad);
    }
  }

  /**
   * A box and the hashes beside it.
   *
   * @param hashedSelfShare the share that the hash commits to
   */
  record Content(
      Fingerprint holder, Bytes selfShare, Bytes hashedSelfShare, Bytes maskShare, Bytes tagKey) {
    Content withSelfShare(byte[] share, boolean hashed) {
      Bytes other = Bytes.of(share);
      return new Content(holder, other, hashed ? other : hashedSelfShare, maskShare, tagKey);
    }

    Content withMaskShare(byte[] share) {
      return new Content(holder, selfShare, hashedSelfShare, Bytes.of(share), tagKey);
    }

    Content withTagKey(byte[] key) {
      return new Content(holder, selfShare, hashedSelfShare, maskShare, Bytes.of(key));
    }
  }

  /** The message with other boxes in it, its root and signature made to match. */
  FromSite.Shares deal(FromSite.Shares honest, UnaryOperator<Content> lie) {
    List<FromSite.ShareEntry> entries = new ArrayList<>();
    for (FromSite.ShareEntry entry : honest.entries()) {
      Content content =
          new Content(
              entry.to(),
              share(entry.to(), ShareKind.SELF_MASK),
              share(entry.to(), ShareKind.SELF_MASK),
              share(entry.to(), ShareKind.MASK_KEY),
              Bytes.of(secrets.tagKey()));
      entries.add(seal(lie.apply(content), entry.nonce()));
    }
    return deal(site, honest, entries, context);
  }

  /** The message with these boxes in it, which the site stands by from now on. */
  static FromSite.Shares deal(
      SimulatedSite site, FromSite.Shares honest, List<FromSite.ShareEntry> entries, Hash context) {
    FromSite.Shares dealt = Script.redealt(honest, entries, site.key, context);
    // Else its own machine would refuse it as altered.
    if (site.state instanceof SiteState.Shared shared) {
      site.state = new SiteState.Shared(shared.running(), shared.keys(), dealt, shared.secrets());
    }
    return dealt;
  }

  private Bytes share(Fingerprint holder, ShareKind kind) {
    List<BigInteger> polynomial =
        NaiveSite.polynomial(
            secrets,
            site.entropy(federation.state().attempt()),
            kind,
            federation.consortium.threshold());
    return Bytes.of(
        Reference.littleEndian(Reference.evaluate(polynomial, roster.indexOf(holder) + 1)));
  }

  private FromSite.ShareEntry seal(Content content, Bytes nonce) {
    byte[] self = Reference.bytes(site.name());
    byte[] holder = Reference.bytes(content.holder());
    byte[] shared =
        Reference.x25519(
            secrets.channel(), keys.get(content.holder()).channelKey().x25519().toByteArray());
    byte[] key = Reference.derive(shared, Reference.bytes(context), "flsa1/box", self, holder);
    byte[] plain =
        Reference.join(
            content.selfShare().toByteArray(),
            content.maskShare().toByteArray(),
            content.tagKey().toByteArray());
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(key, "AES"),
          new GCMParameterSpec(128, nonce.toByteArray()));
      cipher.updateAAD(Reference.prefixed(Reference.bytes(context), self, holder));
      return new FromSite.ShareEntry(
          content.holder(),
          nonce,
          Bytes.of(cipher.doFinal(plain)),
          hash(content.holder(), "b", content.hashedSelfShare()),
          hash(content.holder(), "s", content.maskShare()),
          Optional.empty(),
          Optional.empty());
    } catch (GeneralSecurityException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  private Hash hash(Fingerprint holder, String kind, Bytes share) {
    return Hash.of(
        Reference.hash(
            "flsa1/sc",
            Reference.bytes(context),
            Reference.bytes(site.name()),
            Reference.bytes(holder),
            Reference.text(kind),
            share.toByteArray()));
  }
}
