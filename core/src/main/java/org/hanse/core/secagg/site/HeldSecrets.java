package org.hanse.core.secagg.site;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.DealerSet;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SurvivorSet;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.mask.TagKey;

/**
 * What a site keeps between M4 and M9: its self mask, its peers' shares and the tag key.
 *
 * @param selfMask b_u
 * @param boxes what each other member of U2 dealt to this site
 */
record HeldSecrets(SecretBytes selfMask, Map<Fingerprint, ShareBox> boxes, TagKey tagKey) {

  /**
   * Opens all boxes of M4 and derives K. Takes over {@code own}'s self mask and erases its part of
   * K; on failure nothing that was opened is left.
   */
  static Verified<HeldSecrets> open(
      AttemptContext attempt,
      DealerSet dealers,
      List<ToSite.Delivery> deliveries,
      AttemptSecrets own) {
    Fingerprint self = own.site();
    Map<Fingerprint, ShareBox> boxes = new TreeMap<>();
    for (ToSite.Delivery delivery : deliveries) {
      Fingerprint dealer = delivery.dealer();
      Verified<ShareBox> opened =
          ShareBox.open(
              new ShareBox.Route(attempt.hash(), dealer, self),
              own.channelKey(),
              dealers.keys().of(dealer),
              delivery.entry());
      switch (opened) {
        case Verified.Good<ShareBox>(ShareBox box) -> boxes.put(dealer, box);
        case Verified.Bad<ShareBox>(BadBox bad) -> {
          boxes.values().forEach(ShareBox::erase);
          return new Verified.Bad<>(bad);
        }
      }
    }
    List<SecretBytes> tagKeys = new ArrayList<>();
    for (ToSite.SharerCommitment dealer : dealers.dealers()) {
      ShareBox box = boxes.get(dealer.site());
      tagKeys.add(box == null ? own.tagKey() : box.tagKey());
    }
    TagKey tagKey = TagKey.of(attempt.hash(), dealers.hash(), tagKeys);
    tagKeys.forEach(SecretBytes::erase);
    return new Verified.Good<>(new HeldSecrets(own.selfMask(), boxes, tagKey));
  }

  /**
   * M9: the self mask, and of every peer one share: of b if it survived, of s if it dropped out.
   */
  FromSite.Release release(
      AttemptContext attempt, SigningKey identity, SurvivorSet survivors, Hash statement) {
    List<FromSite.ReleasedShare> shares = new ArrayList<>();
    boxes.forEach((peer, box) -> {
      boolean survived = survivors.holds(peer);
      shares.add(
          new FromSite.ReleasedShare(
              attempt.abscissa(peer),
              survived ? FromSite.ShareKind.SELF_MASK : FromSite.ShareKind.MASK_KEY,
              Bytes.of((survived ? box.selfShare() : box.maskShare()).toByteArray())));
    });
    Bytes published = Bytes.of(selfMask.toByteArray());
    return new FromSite.Release(
        published,
        shares,
        SignedContent.release(statement, published, shares).signedBy(identity, attempt.hash()));
  }

  /** Leaves only the tag key. */
  void eraseShares() {
    selfMask.erase();
    boxes.values().forEach(ShareBox::erase);
  }

  void erase() {
    eraseShares();
    tagKey.erase();
  }
}
