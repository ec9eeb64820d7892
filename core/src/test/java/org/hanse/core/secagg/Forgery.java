package org.hanse.core.secagg;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;

/** Small changes to honest messages. */
public final class Forgery {
  private Forgery() {}

  public static <T> List<T> replacing(List<T> list, int index, UnaryOperator<T> change) {
    List<T> changed = new ArrayList<>(list);
    changed.set(index, change.apply(changed.get(index)));
    return changed;
  }

  public static <T> List<T> without(List<T> list, int index) {
    List<T> rest = new ArrayList<>(list);
    rest.remove(index);
    return rest;
  }

  /** {@code times} entries fewer, none of them the site under test. */
  public static <T> List<T> shortened(List<T> list, int times) {
    List<T> rest = new ArrayList<>(list);
    for (int i = 0; i < times; i++) {
      rest.removeLast();
    }
    return rest;
  }

  public static <T> List<T> repeating(List<T> list, int index) {
    List<T> longer = new ArrayList<>(list);
    longer.add(index, list.get(index));
    return longer;
  }

  public static <T> List<T> swapping(List<T> list, int index) {
    List<T> swapped = new ArrayList<>(list);
    swapped.add(index, swapped.remove(index + 1));
    return swapped;
  }

  public static Bytes flipped(Bytes bytes, int index) {
    byte[] changed = bytes.toByteArray();
    changed[index] ^= 1;
    return Bytes.of(changed);
  }

  public static Hash flipped(Hash hash) {
    return new Hash(flipped(hash.bytes(), 0));
  }

  /** A key pair's X25519 half replaced. */
  public static AgreementPublicKey withX25519(AgreementPublicKey key, String hex) {
    return new AgreementPublicKey(Bytes.fromHex(hex), key.mlKem());
  }

  /** The ML-KEM half with a first coefficient that is not reduced. */
  public static AgreementPublicKey withUnreducedMlKem(AgreementPublicKey key) {
    byte[] unreduced = key.mlKem().orElseThrow().toByteArray();
    unreduced[0] = (byte) 0xff;
    unreduced[1] = (byte) 0xff;
    return new AgreementPublicKey(key.x25519(), Optional.of(Bytes.of(unreduced)));
  }

  /** The same entry around another box. */
  public static FromSite.ShareEntry withBox(FromSite.ShareEntry entry, Bytes ciphertext) {
    return new FromSite.ShareEntry(
        entry.to(),
        entry.nonce(),
        ciphertext,
        entry.selfShareHash(),
        entry.maskShareHash(),
        entry.channelEncapsulation(),
        entry.maskEncapsulation());
  }

  /** The same entry with other encapsulations. */
  public static FromSite.ShareEntry withEncapsulations(
      FromSite.ShareEntry entry, Optional<Bytes> channel, Optional<Bytes> mask) {
    return new FromSite.ShareEntry(
        entry.to(),
        entry.nonce(),
        entry.ciphertext(),
        entry.selfShareHash(),
        entry.maskShareHash(),
        channel,
        mask);
  }

  /** An advertisement with other keys, signed by its owner. */
  public static FromSite.Advertisement signed(
      FromSite.Advertisement ad,
      AgreementPublicKey channelKey,
      AgreementPublicKey maskKey,
      SigningKey key,
      Hash context) {
    Bytes signature =
        SignedContent.advertisement(
                channelKey, maskKey, ad.selfMaskCommitment(), ad.tagKeyCommitment())
            .signedBy(key, context);
    return new FromSite.Advertisement(
        ad.site(), channelKey, maskKey, ad.selfMaskCommitment(), ad.tagKeyCommitment(), signature);
  }
}
