package org.hanse.core.secagg.site;

import java.util.ArrayList;
import java.util.List;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.Commitments;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SimulatedSite;
import org.hanse.core.secagg.TestConsortium;

/** Deals shares that match their hashes and yet rebuild another secret than was committed to. */
public final class DishonestDealer {
  private DishonestDealer() {}

  /**
   * In place of {@code honest}: the secrets of other entropy, with hashes and signatures to match.
   */
  public static FromSite.Shares dealing(SimulatedSite site, FromSite.Shares honest) {
    Fingerprint dealer = site.name();
    SiteState.Shared state = (SiteState.Shared) site.state;
    AttemptContext context = state.running().context();
    AttemptSecrets others =
        new AttemptSecrets(TestConsortium.secret("other"), context.hash(), dealer);
    FromSite.Shares wrong =
        ShareDealer.deal(context, site.identity, state.keys(), others, state.peerKeys());
    // The part of the tag key must be the committed one, or the holders refuse the box.
    List<FromSite.ShareEntry> entries = new ArrayList<>();
    for (FromSite.ShareEntry entry : wrong.entries()) {
      ShareBox.Route route = new ShareBox.Route(context.hash(), dealer, entry.to());
      SecretBytes channel = state.peerKeys().channelWith(entry.to());
      Hash otherTagKey = Commitments.tagKey(context.hash(), dealer, others.tagKey());
      ShareBox box =
          ((Verified.Good<ShareBox>) ShareBox.open(route, channel, entry, otherTagKey)).value();
      entries.add(
          new ShareBox(box.selfShare(), box.maskShare(), state.secrets().tagKey())
              .seal(route, channel, entry.nonce()));
    }
    Hash root = Commitments.entryRoot(context.hash(), dealer, entries);
    FromSite.Shares dealt =
        new FromSite.Shares(
            honest.rosterHash(),
            entries,
            root,
            SignedContent.shares(honest.rosterHash(), root)
                .signedBy(site.identity, context.hash()));
    site.state =
        new SiteState.Shared(
            state.running(), state.keys(), dealt, state.secrets(), state.peerKeys());
    return dealt;
  }
}
