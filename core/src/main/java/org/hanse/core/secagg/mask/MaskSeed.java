package org.hanse.core.secagg.mask;

import java.util.ArrayList;
import java.util.List;
import org.hanse.core.crypto.AgreementKey;
import org.hanse.core.crypto.Erasable;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.KeyDerivation;
import org.hanse.core.crypto.MaskStream;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.FromSite;

/**
 * The secret behind one mask and the derivation of its keys, by lane and segment: a site's self
 * mask, or the mask that two sites share.
 */
public final class MaskSeed implements Erasable {
  private static final String VECTOR_LANE = "vec";
  private static final String TAG_LANE = "tag";

  private final SecretBytes secret;
  private final Hash context;
  private final String label;
  private final List<Bytes> parties;

  private MaskSeed(SecretBytes secret, Hash context, String label, List<Bytes> parties) {
    this.secret = secret;
    this.context = context;
    this.label = label;
    this.parties = parties;
  }

  /** The mask that {@code site} adds to its own vector; keeps a copy of b_u. */
  public static MaskSeed self(Hash context, Fingerprint site, SecretBytes selfMask) {
    return new MaskSeed(selfMask.copy(), context, "flsa1/self", List.of(site.bytes()));
  }

  /**
   * The mask that the lower of two sites adds and the higher subtracts; keeps a copy of the secret.
   *
   * @param agreed on with both mask keys, the lower site encapsulating
   */
  public static MaskSeed pair(
      Hash context,
      AgreementKey.Agreed agreed,
      FromSite.Advertisement low,
      FromSite.Advertisement high) {
    List<Bytes> parties = new ArrayList<>();
    parties.add(low.site().bytes());
    parties.add(high.site().bytes());
    parties.add(low.maskKey().x25519());
    parties.addAll(high.maskKey().parts());
    agreed.ciphertextHash().ifPresent(hash -> parties.add(hash.bytes()));
    return new MaskSeed(agreed.secret().copy(), context, "flsa1/pair", List.copyOf(parties));
  }

  /** Words as wide as the ring's elements, one an element. */
  public MaskStream vectorLane() {
    return new MaskStream(segment -> key(VECTOR_LANE, segment));
  }

  /** Word {@code tag} of the tag lane, modulo 2^61-1. */
  public long tagWord(int tag) {
    return new MaskStream(segment -> key(TAG_LANE, segment)).word61(tag);
  }

  private SecretBytes key(String lane, long segment) {
    Fields fields = new Fields();
    parties.forEach(fields::bytes);
    return KeyDerivation.derive(secret, context, label, fields.text(lane).u64(segment));
  }

  @Override
  public void erase() {
    secret.erase();
  }
}
