package org.hanse.core.secagg;

import java.util.List;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;

/**
 * U2: who dealt shares, and so whose pairwise masks are in every upload.
 *
 * @param dealers strictly ascending, a subset of U1
 * @param hash U2hash
 */
public record DealerSet(KeySet keys, List<ToSite.SharerCommitment> dealers, Hash hash) {
  public static DealerSet of(KeySet keys, List<ToSite.SharerCommitment> dealers) {
    Fields fields = new Fields().hash(keys.hash());
    for (ToSite.SharerCommitment dealer : dealers) {
      fields.fingerprint(dealer.site()).hash(dealer.entryRoot());
    }
    return new DealerSet(keys, List.copyOf(dealers), LabelledHash.hash("flsa1/u2", fields));
  }

  public boolean holds(Fingerprint site) {
    return Ascending.indexOf(dealers, ToSite.SharerCommitment::site, site) >= 0;
  }

  /** Everybody but {@code site}, ascending. */
  public List<Fingerprint> peersOf(Fingerprint site) {
    return dealers.stream()
        .map(ToSite.SharerCommitment::site)
        .filter(peer -> !peer.equals(site))
        .toList();
  }
}
