package org.hanse.core.secagg.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.X25519Key;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.Commitments;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.MaskSeed;
import org.hanse.core.secagg.MaskSet;
import org.hanse.core.secagg.SurvivorSet;
import org.hanse.core.secagg.Unmasker;
import org.hanse.core.shamir.Interpolation;

/**
 * Finds the masks that are left in the survivors' sum: every survivor's self mask, released by its
 * owner or rebuilt from t shares, and every dropout's pairwise masks, from its rebuilt key. Used
 * once; of all secrets only those of the unmasker are left, and none if there is no unmasker.
 */
final class Reconstruction {
  private final AttemptContext context;
  private final SurvivorSet survivors;
  private final SortedMap<Fingerprint, FromSite.Release> releases;
  private final List<Fingerprint> holders;
  private final Interpolation interpolation;
  private final List<MaskSeed> added = new ArrayList<>();
  private final List<MaskSeed> subtracted = new ArrayList<>();

  /** Shares and what they rebuilt. */
  private final List<SecretBytes> secrets = new ArrayList<>();

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

  /** What came of it. */
  sealed interface Outcome {
    record Complete(Unmasker unmasker) implements Outcome {}

    /**
     * Shares that match their commitments rebuild other secrets than these dealers committed to. No
     * holder can bring that about: a share that it altered was refused at M9.
     *
     * @param dealers ascending, at least one
     */
    record Convicted(List<Fingerprint> dealers) implements Outcome {
      public Convicted {
        dealers = List.copyOf(dealers);
      }
    }
  }

  Outcome run() {
    Set<Fingerprint> convicted = new TreeSet<>();
    boolean complete = false;
    try {
      survivors.sites().stream().filter(site -> !addSelfMask(site)).forEach(convicted::add);
      survivors.dropouts().stream().filter(site -> !addPairMasks(site)).forEach(convicted::add);
      complete = convicted.isEmpty();
    } finally {
      secrets.forEach(SecretBytes::erase);
      if (!complete) {
        added.forEach(MaskSeed::erase);
        subtracted.forEach(MaskSeed::erase);
      }
    }
    return complete
        ? new Outcome.Complete(
            new Unmasker(
                context.hash(),
                context.terms().chunking(),
                survivors.survivors(),
                new MaskSet(context.terms().suite(), added, subtracted)))
        : new Outcome.Convicted(List.copyOf(convicted));
  }

  /** Adds the mask of b; false if it is not what the survivor committed to. */
  private boolean addSelfMask(Fingerprint survivor) {
    FromSite.Release own = releases.get(survivor);
    SecretBytes selfMask =
        own == null ? rebuild(survivor) : SecretBytes.adopt(own.selfMask().toByteArray());
    secrets.add(selfMask);
    if (!Commitments.selfMask(context.hash(), survivor, selfMask)
        .equals(keys(survivor).selfMaskCommitment())) {
      return false;
    }
    added.add(MaskSeed.self(context.hash(), survivor, selfMask));
    return true;
  }

  /** Adds the masks of s with every survivor; false if s is not the secret of the dropout's key. */
  private boolean addPairMasks(Fingerprint dropout) {
    SecretBytes scalar = rebuild(dropout);
    secrets.add(scalar);
    X25519Key key = X25519Key.fromSecret(scalar);
    secrets.add(key.scalar());
    if (!key.publicKey().equals(keys(dropout).maskKey())) {
      return false;
    }
    for (Fingerprint survivor : survivors.sites()) {
      FromSite.Advertisement keys = keys(survivor);
      MaskSeed seed = MaskSeed.pair(context.hash(), key.agree(keys.maskKey()), keys, keys(dropout));
      (survivor.compareTo(dropout) < 0 ? added : subtracted).add(seed);
    }
    return true;
  }

  /** From the shares of the kind that was released of this site, which is no holder itself. */
  private SecretBytes rebuild(Fingerprint site) {
    List<SecretBytes> shares = new ArrayList<>();
    for (Fingerprint holder : holders) {
      int position = survivors.dealers().peersOf(holder).indexOf(site);
      FromSite.Release release = Objects.requireNonNull(releases.get(holder));
      shares.add(SecretBytes.adopt(release.shares().get(position).share().toByteArray()));
    }
    secrets.addAll(shares);
    return interpolation.reconstruct(shares);
  }

  private FromSite.Advertisement keys(Fingerprint site) {
    return survivors.dealers().keys().of(site);
  }
}
