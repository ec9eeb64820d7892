package org.hanse.core.secagg;

import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;

/** Hashes that bind a site to secrets, boxes and sets before anything is revealed. */
final class Commitments {
  private Commitments() {}

  /** To b_u. */
  static Hash selfMask(Hash context, Fingerprint site, SecretBytes selfMask) {
    return LabelledHash.hash(
        "flsa1/bcommit", new Fields().hash(context).fingerprint(site).secret(selfMask));
  }

  /** To k_u. */
  static Hash tagKey(Hash context, Fingerprint site, SecretBytes tagKey) {
    return LabelledHash.hash(
        "flsa1/kcommit", new Fields().hash(context).fingerprint(site).secret(tagKey));
  }

  /** sc: to the share that {@code dealer} gives {@code holder}; a share's entropy hides it. */
  static Hash share(
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
  static Hash entryLeaf(Hash context, Fingerprint dealer, long index, FromSite.ShareEntry entry) {
    return LabelledHash.leaf(
        "flsa1/entry",
        new Fields()
            .hash(context)
            .fingerprint(dealer)
            .u64(index)
            .fingerprint(entry.to())
            .bytes(entry.nonce())
            .bytes(entry.ciphertext())
            .hash(entry.selfShareHash())
            .hash(entry.maskShareHash()));
  }

  /** stmt: what all survivors must agree on before any of them releases. */
  static Hash statement(Hash context, SurvivorSet survivors, Hash keyConfirmation) {
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
