package org.hanse.core.secagg;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.X25519Key;
import org.hanse.core.plan.Fingerprint;

/**
 * What the releases of an attempt opened: b of every survivor and s of every dropout of U2. Enough
 * to unmask the survivors' sum, and no single upload. Not thread-safe.
 */
public final class Revelation {
  private final SortedMap<Fingerprint, SecretBytes> secrets;

  /**
   * Nothing is checked yet.
   *
   * @param secrets one for each member of U2, 32 bytes; taken over
   */
  public Revelation(SortedMap<Fingerprint, SecretBytes> secrets) {
    this.secrets = new TreeMap<>(secrets);
  }

  /** Whose secrets these are, ascending. */
  public List<Fingerprint> sites() {
    return List.copyOf(secrets.keySet());
  }

  /** A copy of one site's secret, b or s. */
  public SecretBytes of(Fingerprint site) {
    return whole(secret(site));
  }

  /** The same secrets, to be kept and erased by somebody else. */
  public Revelation copy() {
    SortedMap<Fingerprint, SecretBytes> copies = new TreeMap<>();
    secrets.forEach((site, secret) -> copies.put(site, whole(secret)));
    return new Revelation(copies);
  }

  /**
   * Sites of U2 whose secret is missing or another than they committed to in their advertisement,
   * ascending.
   */
  public List<Fingerprint> mismatches(AttemptContext attempt, SurvivorSet survivors) {
    List<Fingerprint> wrong = new ArrayList<>();
    for (ToSite.SharerCommitment dealer : survivors.dealers().dealers()) {
      Fingerprint site = dealer.site();
      if (!secrets.containsKey(site) || !isCommitted(attempt, survivors, site)) {
        wrong.add(site);
      }
    }
    return wrong;
  }

  /**
   * Removes from the survivors' sum every mask that does not cancel; the secrets stay here.
   *
   * @return empty if these are not exactly the secrets that U2 committed to
   */
  public Optional<Unmasker> unmasker(AttemptContext attempt, SurvivorSet survivors) {
    if (!mismatches(attempt, survivors).isEmpty()
        || secrets.size() != survivors.dealers().dealers().size()) {
      return Optional.empty();
    }
    List<MaskSeed> added = new ArrayList<>();
    List<MaskSeed> subtracted = new ArrayList<>();
    for (Fingerprint survivor : survivors.sites()) {
      added.add(MaskSeed.self(attempt.hash(), survivor, secret(survivor)));
    }
    for (Fingerprint dropout : survivors.dropouts()) {
      FromSite.Advertisement left = survivors.dealers().keys().of(dropout);
      X25519Key key = X25519Key.fromSecret(secret(dropout));
      for (Fingerprint survivor : survivors.sites()) {
        FromSite.Advertisement stayed = survivors.dealers().keys().of(survivor);
        MaskSeed seed = MaskSeed.pair(attempt.hash(), key.agree(stayed.maskKey()), stayed, left);
        (survivor.compareTo(dropout) < 0 ? added : subtracted).add(seed);
      }
      key.scalar().erase();
    }
    return Optional.of(
        new Unmasker(
            attempt.hash(),
            attempt.terms().chunking(),
            survivors.survivors(),
            new MaskSet(attempt.terms().suite(), added, subtracted)));
  }

  private boolean isCommitted(AttemptContext attempt, SurvivorSet survivors, Fingerprint site) {
    FromSite.Advertisement keys = survivors.dealers().keys().of(site);
    SecretBytes secret = secret(site);
    if (secret.size() != X25519Key.SIZE_BYTES) {
      return false;
    }
    if (survivors.holds(site)) {
      return Commitments.selfMask(attempt.hash(), site, secret).equals(keys.selfMaskCommitment());
    }
    X25519Key key = X25519Key.fromSecret(secret);
    key.scalar().erase();
    return key.publicKey().equals(keys.maskKey());
  }

  private SecretBytes secret(Fingerprint site) {
    return Objects.requireNonNull(secrets.get(site), () -> "no secret of " + site);
  }

  private static SecretBytes whole(SecretBytes secret) {
    return secret.slice(0, secret.size());
  }

  /** Zeroes every secret. */
  public void erase() {
    secrets.values().forEach(SecretBytes::erase);
  }
}
