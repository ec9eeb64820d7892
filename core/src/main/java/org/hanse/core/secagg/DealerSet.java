package org.hanse.core.secagg;

import java.util.List;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.crypto.MerkleTree;
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

  /** Whether a box is the one that its dealer, a member of U2, signed for its receiver. */
  public boolean proves(Hash context, ToSite.Delivery delivery) {
    Fingerprint dealer = delivery.dealer();
    int index = keys.boxIndex(dealer, delivery.entry().to());
    Hash root =
        Ascending.find(dealers, ToSite.SharerCommitment::site, dealer).orElseThrow().entryRoot();
    return delivery.index() == index
        && MerkleTree.verify(
            Commitments.entryLeaf(context, dealer, index, delivery.entry()),
            index,
            keys.advertisements().size() - 1,
            delivery.path(),
            root);
  }

  /** Everybody but {@code site}, ascending. */
  public List<Fingerprint> peersOf(Fingerprint site) {
    return dealers.stream()
        .map(ToSite.SharerCommitment::site)
        .filter(peer -> !peer.equals(site))
        .toList();
  }
}
