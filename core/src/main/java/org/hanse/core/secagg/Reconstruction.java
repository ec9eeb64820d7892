package org.hanse.core.secagg;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.X25519Key;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.shamir.Interpolation;

/**
 * Finds the masks that are left in the survivors' sum: every survivor's self mask, released by its
 * owner or rebuilt from t shares, and every dropout's pairwise masks, from its rebuilt key.
 */
final class Reconstruction {
  private final AttemptContext context;
  private final SurvivorSet survivors;
  private final SortedMap<Fingerprint, FromSite.Release> releases;
  private final List<Fingerprint> holders;
  private final Interpolation interpolation;

  /**
   * @param releases checked, by at least t members of U3
   */
  Reconstruction(
      AttemptContext context,
      SurvivorSet survivors,
      SortedMap<Fingerprint, FromSite.Release> releases) {
    this.context = context;
    this.survivors = survivors;
    this.releases = releases;
    this.holders = releases.keySet().stream().limit(context.terms().cohort().threshold()).toList();
    this.interpolation = Interpolation.at(holders.stream().map(context::abscissa).toList());
  }

  /** Empty if shares that match their commitments rebuild another secret than was committed to. */
  Optional<Unmasker> unmasker() {
    List<MaskSeed> added = new ArrayList<>();
    List<MaskSeed> subtracted = new ArrayList<>();
    for (Fingerprint survivor : survivors.sites()) {
      Optional<SecretBytes> selfMask = selfMask(survivor);
      if (selfMask.isEmpty()) {
        return Optional.empty();
      }
      added.add(MaskSeed.self(context.hash(), survivor, selfMask.get()));
      selfMask.get().erase();
    }
    for (Fingerprint dropout : survivors.dropouts()) {
      Optional<X25519Key> key = maskKey(dropout);
      if (key.isEmpty()) {
        return Optional.empty();
      }
      for (Fingerprint survivor : survivors.sites()) {
        FromSite.Advertisement keys = keys(survivor);
        SecretBytes shared = key.get().agree(keys.maskKey());
        MaskSeed seed = MaskSeed.pair(context.hash(), shared, keys, keys(dropout));
        (survivor.compareTo(dropout) < 0 ? added : subtracted).add(seed);
      }
      key.get().erase();
    }
    return Optional.of(
        new Unmasker(
            context.hash(),
            context.terms().chunking(),
            survivors.survivors(),
            new MaskSet(context.terms().suite(), added, subtracted)));
  }

  /** b of a survivor. */
  private Optional<SecretBytes> selfMask(Fingerprint survivor) {
    FromSite.Release own = releases.get(survivor);
    SecretBytes selfMask =
        own == null ? rebuild(survivor) : SecretBytes.adopt(own.selfMask().toByteArray());
    return Commitments.selfMask(context.hash(), survivor, selfMask)
            .equals(keys(survivor).selfMaskCommitment())
        ? Optional.of(selfMask)
        : Optional.empty();
  }

  /** s of a dropout. */
  private Optional<X25519Key> maskKey(Fingerprint dropout) {
    SecretBytes scalar = rebuild(dropout);
    X25519Key key = X25519Key.fromSecret(scalar);
    scalar.erase();
    return key.publicKey().equals(keys(dropout).maskKey()) ? Optional.of(key) : Optional.empty();
  }

  /** From the shares of the kind that was released of this site, which is no holder itself. */
  private SecretBytes rebuild(Fingerprint site) {
    List<SecretBytes> shares = new ArrayList<>();
    for (Fingerprint holder : holders) {
      int position = survivors.dealers().peersOf(holder).indexOf(site);
      FromSite.Release release = Objects.requireNonNull(releases.get(holder));
      shares.add(SecretBytes.adopt(release.shares().get(position).share().toByteArray()));
    }
    SecretBytes secret = interpolation.reconstruct(shares);
    shares.forEach(SecretBytes::erase);
    return secret;
  }

  private FromSite.Advertisement keys(Fingerprint site) {
    return survivors.dealers().keys().of(site);
  }
}
