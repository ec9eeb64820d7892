package org.hanse.core.encode;

import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.KeyDerivation;
import org.hanse.core.crypto.MaskStream;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;

/**
 * Decides how one site's coordinates are rounded in one round. Depends on neither attempt nor
 * roster, so a site has exactly one encoded update in a round.
 *
 * @param seed 32 bytes, secret
 * @param encodingContext ectx: suite, job, round, model and plan
 */
public record RoundingKey(SecretBytes seed, Hash encodingContext) {

  /**
   * Derives the key from the secret that was made when the site was installed.
   *
   * @param siteSecret 32 bytes
   */
  public static RoundingKey derive(SecretBytes siteSecret, Hash encodingContext, Fingerprint site) {
    return new RoundingKey(
        KeyDerivation.derive(
            siteSecret, encodingContext, "flsa1/seed", new Fields().fingerprint(site)),
        encodingContext);
  }

  /** Word i rounds coordinate i. */
  MaskStream stream() {
    return new MaskStream(segment ->
        KeyDerivation.derive(seed, encodingContext, "flsa1/round", new Fields().u64(segment)));
  }
}
