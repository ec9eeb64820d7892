package org.hanse.core.secagg;

import java.util.List;
import java.util.Optional;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;

/**
 * U1: who advertised keys.
 *
 * @param advertisements strictly ascending
 * @param hash U1hash
 */
public record KeySet(List<FromSite.Advertisement> advertisements, Hash hash) {
  public static KeySet of(List<FromSite.Advertisement> advertisements) {
    Fields fields = new Fields();
    for (FromSite.Advertisement ad : advertisements) {
      fields.fingerprint(ad.site());
      ad.keys().forEach(key -> key.appendTo(fields));
      fields.hash(ad.selfMaskCommitment()).hash(ad.tagKeyCommitment());
    }
    return new KeySet(List.copyOf(advertisements), LabelledHash.hash("flsa1/u1", fields));
  }

  public Optional<FromSite.Advertisement> find(Fingerprint site) {
    return Ascending.find(advertisements, FromSite.Advertisement::site, site);
  }

  /** The advertisement of a site that is in the set. */
  public FromSite.Advertisement of(Fingerprint site) {
    return find(site).orElseThrow(() -> new IllegalArgumentException("not in U1: " + site));
  }

  /** Everybody but {@code site}, ascending: the order of its boxes. */
  public List<FromSite.Advertisement> peersOf(Fingerprint site) {
    return advertisements.stream().filter(ad -> !ad.site().equals(site)).toList();
  }

  /** Position of {@code holder}'s box among {@code dealer}'s, from 0. */
  public int boxIndex(Fingerprint dealer, Fingerprint holder) {
    int position = Ascending.indexOf(advertisements, FromSite.Advertisement::site, holder);
    return holder.compareTo(dealer) < 0 ? position : position - 1;
  }
}
