package org.hanse.core.secagg.site;

import java.util.ArrayList;
import java.util.List;
import org.hanse.core.crypto.AgreementKey;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.Commitments;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SimulatedSite;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.shamir.ShamirSharing;
import org.hanse.core.shamir.Share;

/** Deals shares that match their hashes and yet rebuild another secret than was committed to. */
public final class DishonestDealer {
  private DishonestDealer() {}

  /**
   * In place of {@code honest}: shares of other secrets, with hashes and signatures to match. Keys,
   * tag key and encapsulations are the committed ones, or the holders would complain.
   */
  public static FromSite.Shares dealing(SimulatedSite site, FromSite.Shares honest) {
    Fingerprint dealer = site.name();
    SiteState.Shared state = (SiteState.Shared) site.state;
    AttemptContext context = state.running().context();
    List<Share> selfShares = split(context, FromSite.ShareKind.SELF_MASK);
    List<Share> maskShares = split(context, FromSite.ShareKind.MASK_KEY);
    List<FromSite.ShareEntry> entries = new ArrayList<>();
    for (FromSite.ShareEntry entry : honest.entries()) {
      int position = context.abscissa(entry.to()) - 1;
      AgreementKey.Agreed channel =
          state
              .secrets()
              .channelKey()
              .agreeTo(
                  state.keys().of(entry.to()).channelKey(),
                  TestConsortium.secret("coins " + position));
      entries.add(
          new ShareBox(
                  selfShares.get(position).value(),
                  maskShares.get(position).value(),
                  state.secrets().tagKey())
              .seal(
                  new ShareBox.Route(context.hash(), dealer, entry.to()),
                  channel,
                  entry.nonce(),
                  entry.maskEncapsulation()));
    }
    Hash root = Commitments.entryRoot(context.hash(), dealer, entries);
    FromSite.Shares dealt =
        new FromSite.Shares(
            honest.rosterHash(),
            entries,
            root,
            SignedContent.shares(honest.rosterHash(), root)
                .signedBy(site.identity, context.hash()));
    site.state = new SiteState.Shared(state.running(), state.keys(), dealt, state.secrets());
    return dealt;
  }

  private static List<Share> split(AttemptContext context, FromSite.ShareKind kind) {
    int threshold = context.terms().cohort().threshold();
    List<SecretBytes> polynomial = new ArrayList<>();
    for (int power = 1; power < threshold; power++) {
      polynomial.add(TestConsortium.secret(kind + " to the " + power));
    }
    byte[] other = TestConsortium.secret("other " + kind).toByteArray();
    other[other.length - 1] = 0x01;
    return ShamirSharing.split(
        SecretBytes.adopt(other),
        new ShamirSharing.Scheme(threshold, context.roster().size()),
        polynomial);
  }
}
