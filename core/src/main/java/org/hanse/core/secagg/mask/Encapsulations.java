package org.hanse.core.secagg.mask;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.hanse.core.crypto.MerkleTree;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.Commitments;
import org.hanse.core.secagg.DealerSet;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.KeySet;
import org.hanse.core.secagg.SurvivorSet;
import org.hanse.core.secagg.ToSite;

/**
 * In a hybrid suite, what recomputing a dropout's pairwise masks needs beside its secret: for each
 * survivor, the entry that the lower of the two dealt to the higher, with the proof that it did.
 *
 * @param entries nothing is checked yet
 */
public record Encapsulations(List<ToSite.Delivery> entries) {
  /** All that a suite without ML-KEM needs. */
  public static final Encapsulations NONE = new Encapsulations(List.of());

  public Encapsulations {
    entries = List.copyOf(entries);
  }

  /**
   * Those of every dropout with every survivor.
   *
   * @param dealt M3 of U2's members
   */
  public static Encapsulations of(
      Hash context, SurvivorSet survivors, Map<Fingerprint, FromSite.Shares> dealt) {
    KeySet keys = survivors.dealers().keys();
    List<ToSite.Delivery> entries = new ArrayList<>();
    Map<Fingerprint, List<List<Hash>>> paths = new HashMap<>();
    for (Fingerprint dropout : survivors.dropouts()) {
      for (Fingerprint survivor : survivors.sites()) {
        Parted sites = new Parted(dropout, survivor);
        Fingerprint lower = sites.lower();
        int index = keys.boxIndex(lower, sites.higher());
        List<FromSite.ShareEntry> boxes = Objects.requireNonNull(dealt.get(lower)).entries();
        List<Hash> path =
            paths
                .computeIfAbsent(
                    lower,
                    dealer -> MerkleTree.proofs(Commitments.entryLeaves(context, dealer, boxes)))
                .get(index);
        entries.add(new ToSite.Delivery(lower, index, boxes.get(index), path));
      }
    }
    return new Encapsulations(entries);
  }

  /**
   * The ciphertext that {@code lower} signed for {@code higher}, both of U2; empty if there is none
   * that it signed.
   */
  public Optional<Bytes> between(
      Hash context, DealerSet dealers, Fingerprint lower, Fingerprint higher) {
    return entries.stream()
        .filter(delivery -> delivery.dealer().equals(lower) && delivery.entry().to().equals(higher))
        .findFirst()
        .filter(delivery -> dealers.proves(context, delivery))
        .flatMap(delivery -> delivery.entry().maskEncapsulation());
  }
}
