package org.hanse.core.secagg.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.hanse.core.crypto.Erasable;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SurvivorSet;
import org.hanse.core.secagg.mask.Encapsulations;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.core.shamir.Interpolation;

/**
 * Collects from the releases what opens the sum: every survivor's self mask, released by its owner
 * or rebuilt from t shares, and every dropout's mask key, rebuilt.
 */
final class Reconstruction {
  private final SurvivorSet survivors;
  private final SortedMap<Fingerprint, FromSite.Release> releases;
  private final List<Fingerprint> holders;
  private final Interpolation interpolation;

  private Reconstruction(
      AttemptContext context,
      SurvivorSet survivors,
      SortedMap<Fingerprint, FromSite.Release> releases) {
    this.survivors = survivors;
    this.releases = releases;
    this.holders = releases.keySet().stream().limit(context.terms().cohort().threshold()).toList();
    this.interpolation = Interpolation.at(holders.stream().map(context::abscissa).toList());
  }

  /**
   * One secret for each member of U2. Shares that match their commitments may still rebuild another
   * secret than the dealer committed to: see {@link Revelation#mismatches}.
   *
   * @param progress with M3 of every member of U2
   * @param releases by at least t members of U3; their shares match their commitments
   */
  static Revelation of(
      Progress progress, SurvivorSet survivors, SortedMap<Fingerprint, FromSite.Release> releases) {
    AttemptContext context = progress.context();
    Reconstruction reconstruction = new Reconstruction(context, survivors, releases);
    SortedMap<Fingerprint, SecretBytes> secrets = new TreeMap<>();
    for (Fingerprint survivor : survivors.sites()) {
      FromSite.Release own = releases.get(survivor);
      secrets.put(
          survivor, own == null ? reconstruction.rebuild(survivor) : secret(own.selfMask()));
    }
    for (Fingerprint dropout : survivors.dropouts()) {
      secrets.put(dropout, reconstruction.rebuild(dropout));
    }
    Encapsulations encapsulations =
        context.terms().suite().hybrid()
            ? Encapsulations.of(
                context.hash(), survivors, progress.answers().all(FromSite.Shares.class))
            : Encapsulations.NONE;
    return new Revelation(secrets, encapsulations);
  }

  /** From the shares of the kind that was released of this site, which is no holder itself. */
  private SecretBytes rebuild(Fingerprint site) {
    List<SecretBytes> shares = new ArrayList<>();
    for (Fingerprint holder : holders) {
      int position = survivors.dealers().peersOf(holder).indexOf(site);
      FromSite.Release release = Objects.requireNonNull(releases.get(holder));
      shares.add(secret(release.shares().get(position).share()));
    }
    try (Erasable _ = Erasable.all(shares)) {
      return interpolation.reconstruct(shares);
    }
  }

  private static SecretBytes secret(Bytes revealed) {
    return SecretBytes.adopt(revealed.toByteArray());
  }
}
