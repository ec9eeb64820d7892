package org.hanse.core.secagg.site;

import java.util.List;
import java.util.Optional;
import org.hanse.core.crypto.AgreementKey;
import org.hanse.core.crypto.CryptoException;
import org.hanse.core.crypto.Erasable;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.KeyDerivation;
import org.hanse.core.crypto.SealedBox;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.X25519Key;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.Commitments;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ComplaintReason;
import org.hanse.core.shamir.ShamirSharing;

/**
 * What one site tells another in secret.
 *
 * @param selfShare share of the dealer's b
 * @param maskShare share of the dealer's s
 * @param tagKey the dealer's k
 */
record ShareBox(SecretBytes selfShare, SecretBytes maskShare, SecretBytes tagKey)
    implements Erasable {
  private static final int PART_BYTES = X25519Key.SIZE_BYTES;
  private static final int PLAINTEXT_BYTES = 3 * PART_BYTES;

  /** Whom a box is from and to, in which attempt. */
  record Route(Hash context, Fingerprint from, Fingerprint to) {
    private SecretBytes key(AgreementKey.Agreed channel) {
      Fields fields = new Fields().fingerprint(from).fingerprint(to);
      channel.ciphertextHash().ifPresent(fields::hash);
      return KeyDerivation.derive(channel.secret(), context, "flsa1/box", fields);
    }

    private byte[] associatedData() {
      return new Fields().hash(context).fingerprint(from).fingerprint(to).toByteArray();
    }
  }

  /**
   * Seals this box and commits to its shares.
   *
   * @param channel agreed on with both channel keys, the dealer encapsulating
   * @param maskEncapsulation what goes beside the box for the two sites' mask
   */
  FromSite.ShareEntry seal(
      Route route, AgreementKey.Agreed channel, Bytes nonce, Optional<Bytes> maskEncapsulation) {
    try (SecretBytes key = route.key(channel);
        SecretBytes plaintext = SecretBytes.concatenate(List.of(selfShare, maskShare, tagKey))) {
      return new FromSite.ShareEntry(
          route.to(),
          nonce,
          SealedBox.seal(key, nonce, route.associatedData(), plaintext),
          commitment(route, FromSite.ShareKind.SELF_MASK, selfShare),
          commitment(route, FromSite.ShareKind.MASK_KEY, maskShare),
          channel.ciphertext(),
          maskEncapsulation);
    }
  }

  /**
   * Opens a box and checks its content against the commitments beside it and in the dealer's ad.
   *
   * @param own the receiver's channel key
   */
  static Verified<ShareBox> open(
      Route route, AgreementKey own, FromSite.Advertisement dealer, FromSite.ShareEntry entry) {
    try (AgreementKey.Agreed channel =
            own.agreeFrom(dealer.channelKey(), entry.channelEncapsulation());
        SecretBytes key = route.key(channel)) {
      return open(route, key, dealer, entry);
    } catch (CryptoException e) {
      return bad(route, ComplaintReason.ENCAPSULATION_INVALID);
    }
  }

  private static Verified<ShareBox> open(
      Route route, SecretBytes key, FromSite.Advertisement dealer, FromSite.ShareEntry entry) {
    try (SecretBytes plaintext =
        SealedBox.open(key, entry.nonce(), route.associatedData(), entry.ciphertext())) {
      if (plaintext.size() != PLAINTEXT_BYTES) {
        return bad(route, ComplaintReason.WRONG_LENGTH);
      }
      ShareBox box =
          new ShareBox(
              plaintext.slice(0, PART_BYTES),
              plaintext.slice(PART_BYTES, 2 * PART_BYTES),
              plaintext.slice(2 * PART_BYTES, PLAINTEXT_BYTES));
      Optional<ComplaintReason> mismatch = box.mismatch(route, entry, dealer.tagKeyCommitment());
      if (mismatch.isEmpty()) {
        return new Verified.Good<>(box);
      }
      box.erase();
      return bad(route, mismatch.get());
    } catch (CryptoException e) {
      return bad(route, ComplaintReason.BOX_UNREADABLE);
    }
  }

  private Optional<ComplaintReason> mismatch(
      Route route, FromSite.ShareEntry entry, Hash tagKeyCommitment) {
    boolean dealt =
        ShamirSharing.isElement(selfShare)
            && ShamirSharing.isElement(maskShare)
            && commitment(route, FromSite.ShareKind.SELF_MASK, selfShare)
                .equals(entry.selfShareHash())
            && commitment(route, FromSite.ShareKind.MASK_KEY, maskShare)
                .equals(entry.maskShareHash());
    if (!dealt) {
      return Optional.of(ComplaintReason.SHARE_INVALID);
    }
    return Commitments.tagKey(route.context(), route.from(), tagKey).equals(tagKeyCommitment)
        ? Optional.empty()
        : Optional.of(ComplaintReason.TAG_KEY_INVALID);
  }

  private static Hash commitment(Route route, FromSite.ShareKind kind, SecretBytes share) {
    return Commitments.share(route.context(), route.from(), route.to(), kind, share);
  }

  private static Verified<ShareBox> bad(Route route, ComplaintReason reason) {
    return new Verified.Bad<>(new BadBox(route.from(), reason));
  }

  /** Zeroes what the dealer told. */
  @Override
  public void erase() {
    selfShare.erase();
    maskShare.erase();
    tagKey.erase();
  }
}
