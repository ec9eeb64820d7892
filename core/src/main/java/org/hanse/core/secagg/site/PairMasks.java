package org.hanse.core.secagg.site;

import java.util.ArrayList;
import java.util.List;
import org.hanse.core.crypto.CryptoException;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.DealerSet;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.mask.MaskSecret;
import org.hanse.core.secagg.mask.MaskSeed;
import org.hanse.core.secagg.mask.MaskSet;

/** The masks of one site's upload: its own, and one with every other member of U2. */
final class PairMasks {
  private PairMasks() {}

  /**
   * Agrees on all of them.
   *
   * @param deliveries M4's, one of each other member of U2
   * @return bad if a lower site's encapsulation is not to this site's key; no seed is left then
   */
  static Verified<MaskSet> agree(
      AttemptContext attempt,
      DealerSet dealers,
      List<ToSite.Delivery> deliveries,
      AttemptSecrets own) {
    Fingerprint self = own.site();
    MaskSecret secret = own.maskSecret();
    FromSite.Advertisement ownKeys = dealers.keys().of(self);
    List<MaskSeed> added = new ArrayList<>();
    List<MaskSeed> subtracted = new ArrayList<>();
    added.add(MaskSeed.self(attempt.hash(), self, own.selfMask()));
    for (ToSite.Delivery delivery : deliveries) {
      FromSite.Advertisement peer = dealers.keys().of(delivery.dealer());
      if (self.compareTo(peer.site()) < 0) {
        added.add(secret.seedWithHigher(ownKeys, peer));
        continue;
      }
      try {
        subtracted.add(secret.seedWithLower(peer, ownKeys, delivery.entry().maskEncapsulation()));
      } catch (CryptoException e) {
        added.forEach(MaskSeed::erase);
        subtracted.forEach(MaskSeed::erase);
        return new Verified.Bad<>(
            new BadBox(peer.site(), FromSite.ComplaintReason.ENCAPSULATION_INVALID));
      }
    }
    return new Verified.Good<>(new MaskSet(attempt.terms().suite(), added, subtracted));
  }
}
