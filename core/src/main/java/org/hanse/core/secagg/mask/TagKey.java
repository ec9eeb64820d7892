package org.hanse.core.secagg.mask;

import java.util.List;
import org.hanse.core.crypto.Erasable;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.KeyDerivation;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.crypto.MaskStream;
import org.hanse.core.crypto.Mersenne61;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;

/**
 * K: known to the sites of U2 and not to the coordinator. Keys the two independent linear tags by
 * which sites recognise the sum of their own vectors.
 */
public final class TagKey implements Erasable {
  /** Independent tags; one forgery passes both with a probability of at most 2^-120. */
  public static final int TAGS = 2;

  private final SecretBytes secret;
  private final Hash context;

  private TagKey(SecretBytes secret, Hash context) {
    this.secret = secret;
    this.context = context;
  }

  /**
   * K of an attempt.
   *
   * @param parts k_u of every site of U2, in its order; not kept
   * @param dealerSetHash U2hash
   */
  public static TagKey of(Hash context, Hash dealerSetHash, List<SecretBytes> parts) {
    try (SecretBytes joined = SecretBytes.concatenate(parts)) {
      return new TagKey(
          KeyDerivation.derive(joined, context, "flsa1/K", new Fields().hash(dealerSetHash)),
          context);
    }
  }

  /** kconf: shows that two sites hold the same key. */
  public Hash confirmation() {
    return LabelledHash.hash("flsa1/kconf", new Fields().hash(context).secret(secret));
  }

  /** r: one 61-bit word an element. */
  public MaskStream words(int tag) {
    return new MaskStream(segment ->
        KeyDerivation.derive(secret, context, "flsa1/r", new Fields().u8(tag).u64(segment)));
  }

  /** What hides a site's dot product from whoever knows the key: modulo 2^61-1. */
  public long pad(Fingerprint site, int tag) {
    Fields fields = new Fields().fingerprint(site);
    try (SecretBytes words = KeyDerivation.derive(secret, context, "flsa1/pad", fields)) {
      return Mersenne61.fromBits(words.longAt(tag * Long.BYTES));
    }
  }

  @Override
  public void erase() {
    secret.erase();
  }
}
