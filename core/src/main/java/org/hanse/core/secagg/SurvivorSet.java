package org.hanse.core.secagg;

import java.util.List;
import java.util.Optional;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;

/**
 * U3: whose upload is in the sum.
 *
 * @param survivors strictly ascending, a subset of U2
 * @param hash U3hash
 */
public record SurvivorSet(DealerSet dealers, List<ToSite.Survivor> survivors, Hash hash) {
  public static SurvivorSet of(DealerSet dealers, List<ToSite.Survivor> survivors) {
    Fields fields = new Fields().hash(dealers.hash());
    for (ToSite.Survivor survivor : survivors) {
      fields
          .fingerprint(survivor.site())
          .hash(survivor.root())
          .u64(survivor.tag0())
          .u64(survivor.tag1());
    }
    return new SurvivorSet(dealers, List.copyOf(survivors), LabelledHash.hash("flsa1/u3", fields));
  }

  public Optional<ToSite.Survivor> find(Fingerprint site) {
    return Ascending.find(survivors, ToSite.Survivor::site, site);
  }

  public boolean holds(Fingerprint site) {
    return find(site).isPresent();
  }

  public List<Fingerprint> sites() {
    return survivors.stream().map(ToSite.Survivor::site).toList();
  }

  /** U2 without U3, ascending: whose pairwise masks must be cancelled. */
  public List<Fingerprint> dropouts() {
    return dealers.dealers().stream()
        .map(ToSite.SharerCommitment::site)
        .filter(site -> !holds(site))
        .toList();
  }
}
