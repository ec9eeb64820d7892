package org.hanse.core.secagg;

import java.util.ArrayList;
import java.util.List;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.crypto.MerkleTree;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;

/** Hashes that bind a site to secrets, boxes and sets before anything is revealed. */
public final class Commitments {
  private static final Bytes NOTHING = Bytes.of();

  private Commitments() {}

  /** To b_u. */
  public static Hash selfMask(Hash context, Fingerprint site, SecretBytes selfMask) {
    return LabelledHash.hash(
        "flsa1/bcommit", new Fields().hash(context).fingerprint(site).secret(selfMask));
  }

  /** To k_u. */
  public static Hash tagKey(Hash context, Fingerprint site, SecretBytes tagKey) {
    return LabelledHash.hash(
        "flsa1/kcommit", new Fields().hash(context).fingerprint(site).secret(tagKey));
  }

  /** sc: to the share that {@code dealer} gives {@code holder}; a share's entropy hides it. */
  public static Hash share(
      Hash context,
      Fingerprint dealer,
      Fingerprint holder,
      FromSite.ShareKind kind,
      SecretBytes share) {
    String name =
        switch (kind) {
          case SELF_MASK -> "b";
          case MASK_KEY -> "s";
        };
    return LabelledHash.hash(
        "flsa1/sc",
        new Fields()
            .hash(context)
            .fingerprint(dealer)
            .fingerprint(holder)
            .text(name)
            .secret(share));
  }

  /** The Merkle leaf of a dealer's box number {@code index}. */
  public static Hash entryLeaf(
      Hash context, Fingerprint dealer, long index, FromSite.ShareEntry entry) {
    Fields fields =
        new Fields()
            .hash(context)
            .fingerprint(dealer)
            .u64(index)
            .fingerprint(entry.to())
            .bytes(entry.nonce())
            .bytes(entry.ciphertext())
            .hash(entry.selfShareHash())
            .hash(entry.maskShareHash());
    // Whatever is beside the box is under the root, also where the suite has no place for it.
    if (entry.channelEncapsulation().isPresent() || entry.maskEncapsulation().isPresent()) {
      fields
          .bytes(entry.channelEncapsulation().orElse(NOTHING))
          .bytes(entry.maskEncapsulation().orElse(NOTHING));
    }
    return LabelledHash.leaf("flsa1/entry", fields);
  }

  /** The leaves of a dealer's boxes, in order. */
  public static List<Hash> entryLeaves(
      Hash context, Fingerprint dealer, List<FromSite.ShareEntry> entries) {
    List<Hash> leaves = new ArrayList<>(entries.size());
    for (FromSite.ShareEntry entry : entries) {
      leaves.add(entryLeaf(context, dealer, leaves.size(), entry));
    }
    return leaves;
  }

  /** entryRoot: what a dealer signs of all its boxes. */
  public static Hash entryRoot(
      Hash context, Fingerprint dealer, List<FromSite.ShareEntry> entries) {
    return MerkleTree.root(entryLeaves(context, dealer, entries));
  }

  /** stmt: what all survivors must agree on before any of them releases. */
  public static Hash statement(Hash context, SurvivorSet survivors, Hash keyConfirmation) {
    return LabelledHash.hash(
        "flsa1/stmt",
        new Fields()
            .hash(context)
            .hash(survivors.dealers().keys().hash())
            .hash(survivors.dealers().hash())
            .hash(survivors.hash())
            .hash(keyConfirmation));
  }
}
