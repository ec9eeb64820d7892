package org.hanse.core.secagg.mask;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.hanse.core.crypto.CryptoException;
import org.hanse.core.crypto.Erasable;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.Commitments;
import org.hanse.core.secagg.DealerSet;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SurvivorSet;
import org.hanse.core.secagg.ToSite;

/**
 * What the releases of an attempt opened: b of every survivor and s of every dropout of U2, and
 * what a hybrid suite needs beside them. Enough to unmask the survivors' sum, and no single upload.
 * Not thread-safe.
 */
public final class Revelation implements Erasable {
  private final SortedMap<Fingerprint, SecretBytes> secrets;
  private final Encapsulations encapsulations;

  /**
   * Nothing is checked yet.
   *
   * @param secrets one for each member of U2, 32 bytes; taken over
   */
  public Revelation(SortedMap<Fingerprint, SecretBytes> secrets, Encapsulations encapsulations) {
    this.secrets = new TreeMap<>(secrets);
    this.encapsulations = encapsulations;
  }

  /** Whose secrets these are, ascending. */
  public List<Fingerprint> sites() {
    return List.copyOf(secrets.keySet());
  }

  /** A copy of one site's secret, b or s. */
  public SecretBytes of(Fingerprint site) {
    return secret(site).copy();
  }

  /** Those between dropouts and survivors; no secrets. */
  public Encapsulations encapsulations() {
    return encapsulations;
  }

  /** The same secrets, to be kept and erased by somebody else. */
  public Revelation copy() {
    SortedMap<Fingerprint, SecretBytes> copies = new TreeMap<>();
    secrets.forEach((site, secret) -> copies.put(site, secret.copy()));
    return new Revelation(copies, encapsulations);
  }

  /**
   * Sites of U2 whose secret is missing or another than they committed to in their advertisement,
   * or that signed an encapsulation which their secret does not give or nobody could have made;
   * ascending.
   */
  public List<Fingerprint> mismatches(AttemptContext attempt, SurvivorSet survivors) {
    SortedSet<Fingerprint> wrong = uncommitted(attempt, survivors);
    if (attempt.terms().suite().hybrid()) {
      for (Fingerprint dropout : survivors.dropouts()) {
        if (!wrong.contains(dropout)) {
          wrong.addAll(falseEncapsulations(attempt, survivors, dropout));
        }
      }
    }
    return List.copyOf(wrong);
  }

  /** Whose secret is missing or another than was committed to. */
  private SortedSet<Fingerprint> uncommitted(AttemptContext attempt, SurvivorSet survivors) {
    SortedSet<Fingerprint> wrong = new TreeSet<>();
    for (ToSite.SharerCommitment dealer : survivors.dealers().dealers()) {
      Fingerprint site = dealer.site();
      if (!secrets.containsKey(site) || !isCommitted(attempt, survivors, site)) {
        wrong.add(site);
      }
    }
    return wrong;
  }

  private SortedSet<Fingerprint> falseEncapsulations(
      AttemptContext attempt, SurvivorSet survivors, Fingerprint dropout) {
    SortedSet<Fingerprint> wrong = new TreeSet<>();
    try (MaskSecret secret = maskSecret(attempt, dropout)) {
      for (Fingerprint survivor : survivors.sites()) {
        switch (pair(attempt, survivors.dealers(), secret, new Parted(dropout, survivor))) {
          case Pair.Mask(MaskSeed seed) -> seed.erase();
          case Pair.False(Fingerprint lower) -> wrong.add(lower);
          case Pair.Unproven() -> {}
        }
      }
    }
    return wrong;
  }

  /**
   * Removes from the survivors' sum every mask that does not cancel; the secrets stay here.
   *
   * @return empty if these are not exactly the secrets that U2 committed to, or an encapsulation is
   *     false or not the one that was signed
   */
  public Optional<Unmasker> unmasker(AttemptContext attempt, SurvivorSet survivors) {
    if (!uncommitted(attempt, survivors).isEmpty()
        || secrets.size() != survivors.dealers().dealers().size()) {
      return Optional.empty();
    }
    List<MaskSeed> added = new ArrayList<>();
    List<MaskSeed> subtracted = new ArrayList<>();
    boolean complete = true;
    for (Fingerprint survivor : survivors.sites()) {
      added.add(MaskSeed.self(attempt.hash(), survivor, secret(survivor)));
    }
    for (Fingerprint dropout : survivors.dropouts()) {
      try (MaskSecret secret = maskSecret(attempt, dropout)) {
        for (Fingerprint survivor : survivors.sites()) {
          Parted sites = new Parted(dropout, survivor);
          if (pair(attempt, survivors.dealers(), secret, sites)
              instanceof Pair.Mask(MaskSeed seed)) {
            (sites.isDropoutLower() ? subtracted : added).add(seed);
          } else {
            complete = false;
          }
        }
      }
    }
    MaskSet leftover = new MaskSet(attempt.terms().suite(), added, subtracted);
    if (!complete) {
      leftover.erase();
      return Optional.empty();
    }
    return Optional.of(
        new Unmasker(attempt.hash(), attempt.terms().chunking(), survivors.survivors(), leftover));
  }

  /** What a dropout's secret says of its mask with one survivor. */
  private sealed interface Pair {
    /** The mask in the survivor's upload. */
    record Mask(MaskSeed seed) implements Pair {}

    /** The lower of the two encapsulated something else than the protocol has it do. */
    record False(Fingerprint lower) implements Pair {}

    /** The lower one's encapsulation is not here, or not the one it signed. */
    record Unproven() implements Pair {}
  }

  private Pair pair(AttemptContext attempt, DealerSet dealers, MaskSecret secret, Parted sites) {
    FromSite.Advertisement left = dealers.keys().of(sites.dropout());
    FromSite.Advertisement stayed = dealers.keys().of(sites.survivor());
    boolean hybrid = attempt.terms().suite().hybrid();
    Optional<Bytes> dealt =
        hybrid
            ? encapsulations.between(attempt.hash(), dealers, sites.lower(), sites.higher())
            : Optional.empty();
    if (hybrid && dealt.isEmpty()) {
      return new Pair.Unproven();
    }
    try {
      return new Pair.Mask(
          sites.isDropoutLower()
              ? secret.seedWithHigher(left, stayed, dealt)
              : secret.seedWithLower(stayed, left, dealt));
    } catch (CryptoException e) {
      return new Pair.False(sites.lower());
    }
  }

  private boolean isCommitted(AttemptContext attempt, SurvivorSet survivors, Fingerprint site) {
    FromSite.Advertisement keys = survivors.dealers().keys().of(site);
    if (secret(site).size() != MaskSecret.SIZE_BYTES) {
      return false;
    }
    if (survivors.holds(site)) {
      return Commitments.selfMask(attempt.hash(), site, secret(site))
          .equals(keys.selfMaskCommitment());
    }
    try (MaskSecret secret = maskSecret(attempt, site)) {
      return secret.publicKey().equals(keys.maskKey());
    }
  }

  /** Of a dropout; the caller erases it. */
  private MaskSecret maskSecret(AttemptContext attempt, Fingerprint dropout) {
    return MaskSecret.of(attempt.terms().suite(), attempt.hash(), of(dropout));
  }

  private SecretBytes secret(Fingerprint site) {
    return Objects.requireNonNull(secrets.get(site), () -> "no secret of " + site);
  }

  /** Zeroes every secret. */
  @Override
  public void erase() {
    secrets.values().forEach(SecretBytes::erase);
  }
}
