package org.hanse.core.secagg.site;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.core.crypto.AgreementKey;
import org.hanse.core.crypto.Erasable;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.Commitments;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.KeySet;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.shamir.ShamirSharing;
import org.hanse.core.shamir.Share;

/** Shares a site's two secrets among the other sites of U1: M3. */
final class ShareDealer {
  private ShareDealer() {}

  /** One sealed box for every peer, all under one signed root. */
  static FromSite.Shares deal(
      AttemptContext attempt, SigningKey identity, KeySet keys, AttemptSecrets secrets) {
    Fingerprint self = identity.fingerprint();
    List<FromSite.ShareEntry> entries = new ArrayList<>();
    List<Share> selfShares =
        split(attempt, secrets, FromSite.ShareKind.SELF_MASK, secrets.selfMask());
    List<Share> maskShares =
        split(attempt, secrets, FromSite.ShareKind.MASK_KEY, secrets.maskSecret().secret());
    try (Erasable _ = Erasable.all(selfShares);
        Erasable _ = Erasable.all(maskShares)) {
      for (FromSite.Advertisement peer : keys.peersOf(self)) {
        int index = attempt.abscissa(peer.site()) - 1;
        ShareBox box =
            new ShareBox(
                selfShares.get(index).value(), maskShares.get(index).value(), secrets.tagKey());
        entries.add(seal(attempt, box, peer, secrets));
      }
    }
    Hash root = Commitments.entryRoot(attempt.hash(), self, entries);
    return new FromSite.Shares(
        keys.hash(),
        entries,
        root,
        SignedContent.shares(keys.hash(), root).signedBy(identity, attempt.hash()));
  }

  private static FromSite.ShareEntry seal(
      AttemptContext attempt, ShareBox box, FromSite.Advertisement peer, AttemptSecrets secrets) {
    Fingerprint self = secrets.site();
    int abscissa = attempt.abscissa(peer.site());
    Optional<Bytes> maskEncapsulation =
        self.compareTo(peer.site()) < 0
            ? secrets.maskSecret().encapsulationFor(peer)
            : Optional.empty();
    try (SecretBytes coins = secrets.coins(abscissa);
        AgreementKey.Agreed channel = secrets.channelKey().agreeTo(peer.channelKey(), coins)) {
      return box.seal(
          new ShareBox.Route(attempt.hash(), self, peer.site()),
          channel,
          secrets.nonce(abscissa),
          maskEncapsulation);
    }
  }

  private static List<Share> split(
      AttemptContext attempt, AttemptSecrets secrets, FromSite.ShareKind kind, SecretBytes secret) {
    ShamirSharing.Scheme scheme =
        new ShamirSharing.Scheme(attempt.terms().cohort().threshold(), attempt.roster().size());
    List<SecretBytes> polynomial = secrets.polynomial(kind, scheme.threshold());
    try (Erasable _ = Erasable.all(polynomial)) {
      return ShamirSharing.split(secret, scheme, polynomial);
    }
  }
}
