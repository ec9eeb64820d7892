package org.hanse.core.secagg;

import java.util.List;
import java.util.Optional;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.crypto.MlKemKey;
import org.hanse.core.crypto.SealedBox;
import org.hanse.core.crypto.X25519Key;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Suite;

/** What a site sends during one attempt. Every signature is Ed25519 under the attempt's context. */
public sealed interface FromSite {

  /**
   * M1: fresh keys and commitments.
   *
   * @param channelKey for boxes
   * @param maskKey for pairwise masks
   * @param selfMaskCommitment to b_u
   * @param tagKeyCommitment to k_u
   */
  record Advertisement(
      Fingerprint site,
      AgreementPublicKey channelKey,
      AgreementPublicKey maskKey,
      Hash selfMaskCommitment,
      Hash tagKeyCommitment,
      Bytes signature)
      implements FromSite {
    /** Both keys, in the order in which they are signed. */
    public List<AgreementPublicKey> keys() {
      return List.of(channelKey, maskKey);
    }
  }

  /**
   * M3: encrypted shares for every other site of U1, ascending.
   *
   * @param rosterHash U1hash as this site saw it
   */
  record Shares(Hash rosterHash, List<ShareEntry> entries, Hash entryRoot, Bytes signature)
      implements FromSite {
    public Shares {
      entries = List.copyOf(entries);
    }
  }

  /**
   * One box.
   *
   * @param nonce 12 bytes
   * @param ciphertext 112 bytes
   * @param selfShareHash sc_b
   * @param maskShareHash sc_s
   * @param channelEncapsulation ML-KEM-768 ciphertext to the receiver's channel key; in hybrid
   *     suites only
   * @param maskEncapsulation the same to its mask key; in hybrid suites, from the lower site of the
   *     two
   */
  record ShareEntry(
      Fingerprint to,
      Bytes nonce,
      Bytes ciphertext,
      Hash selfShareHash,
      Hash maskShareHash,
      Optional<Bytes> channelEncapsulation,
      Optional<Bytes> maskEncapsulation) {
    /** Two shares and a part of the tag key, 32 bytes each, and the cipher's tag. */
    public static final int CIPHERTEXT_BYTES = 3 * X25519Key.SIZE_BYTES + SealedBox.TAG_SIZE_BYTES;

    /** Whether it has the parts of this suite, each of its length. */
    public boolean isWellFormed(Suite suite, Fingerprint dealer) {
      return nonce.size() == SealedBox.NONCE_SIZE_BYTES
          && ciphertext.size() == CIPHERTEXT_BYTES
          && isEncapsulation(channelEncapsulation, suite.hybrid())
          && isEncapsulation(maskEncapsulation, suite.hybrid() && dealer.compareTo(to) < 0);
    }

    private static boolean isEncapsulation(Optional<Bytes> part, boolean expected) {
      return part.isPresent() == expected
          && part.map(sent -> sent.size() == MlKemKey.CIPHERTEXT_BYTES).orElse(true);
    }
  }

  /**
   * M5, after the chunks: what was uploaded.
   *
   * @param chunkCount chunks sent
   * @param lengthElements L
   */
  record UploadCommit(
      Hash root, long chunkCount, long lengthElements, long tag0, long tag1, Bytes signature)
      implements FromSite {}

  /** M7: the statement this site saw. */
  record Confirmation(Hash statement, Bytes signature) implements FromSite {}

  /**
   * M9: the self mask and one share per peer; sent once in a round's life.
   *
   * @param selfMask b_u, 32 bytes
   */
  record Release(Bytes selfMask, List<ReleasedShare> shares, Bytes signature) implements FromSite {
    public Release {
      shares = List.copyOf(shares);
    }

    /** Without the self mask: it opens a masked upload. */
    @Override
    public String toString() {
      return "release of a self mask and " + shares.size() + " shares";
    }
  }

  /**
   * One peer's share.
   *
   * @param peerIndex Shamir abscissa of the peer, from 1
   * @param share 32 bytes little-endian, below 2^255-19
   */
  record ReleasedShare(int peerIndex, ShareKind kind, Bytes share) {
    /** Without the share: t of them give the secret. */
    @Override
    public String toString() {
      return "share " + kind + " of site " + peerIndex;
    }
  }

  /** Which secret a share belongs to; a site gives at most one kind for each peer. */
  enum ShareKind {
    /** b_v of a survivor. */
    SELF_MASK,
    /** s_v of a dropout. */
    MASK_KEY
  }

  /**
   * M11: what this site computed from the result.
   *
   * @param nextModelHash {@link #NO_MODEL} unless ok
   */
  record Verdict(boolean ok, Hash resultRoot, Hash nextModelHash, Bytes signature)
      implements FromSite {
    /** In a verdict that is not ok: 32 zero bytes. */
    public static final Hash NO_MODEL = Hash.of(new byte[Hash.SIZE_BYTES]);
  }

  /**
   * In place of M5: a dealer's box is bad, so this site has left the attempt and erased its
   * secrets. The others cannot see into the box, so it proves nothing; the round's next attempt is
   * without both.
   */
  record Complaint(Fingerprint dealer, ComplaintReason reason, Bytes signature)
      implements FromSite {}

  /** What is wrong with a box that a site was dealt; signed with the complaint. */
  enum ComplaintReason {
    /** It cannot be opened. */
    BOX_UNREADABLE,
    /** What was inside does not have the right length. */
    WRONG_LENGTH,
    /** A share is not below 2^255-19, or does not match its commitment. */
    SHARE_INVALID,
    /** The dealer's part of the tag key does not match its commitment. */
    TAG_KEY_INVALID,
    /** An encapsulation beside the box is missing, or nobody made it for this site's key. */
    ENCAPSULATION_INVALID
  }

  /** This site takes no further part in the attempt and has erased its secrets. */
  record Withdrawal(SiteRefusal reason) implements FromSite {}
}
