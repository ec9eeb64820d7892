package org.hanse.core.secagg.site;

import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.Commitments;
import org.hanse.core.secagg.Forgery;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SimulatedSite;

/** Deals honest boxes with another mask encapsulation beside one of them. */
public final class DishonestEncapsulator {
  private DishonestEncapsulator() {}

  /** In place of {@code honest}, signed by the dealer, which stands by it. */
  public static FromSite.Shares dealing(
      SimulatedSite site, FromSite.Shares honest, Fingerprint holder, Bytes encapsulation) {
    SiteState.Shared state = (SiteState.Shared) site.state;
    Hash context = state.running().context().hash();
    List<FromSite.ShareEntry> entries =
        honest.entries().stream()
            .map(entry ->
                entry.to().equals(holder)
                    ? Forgery.withEncapsulations(
                        entry, entry.channelEncapsulation(), Optional.of(encapsulation))
                    : entry)
            .toList();
    Hash root = Commitments.entryRoot(context, site.name(), entries);
    FromSite.Shares dealt =
        new FromSite.Shares(
            honest.rosterHash(),
            entries,
            root,
            SignedContent.shares(honest.rosterHash(), root).signedBy(site.identity, context));
    site.state = new SiteState.Shared(state.running(), state.keys(), dealt, state.secrets());
    return dealt;
  }
}
