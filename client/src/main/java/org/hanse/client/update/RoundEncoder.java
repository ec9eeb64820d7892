package org.hanse.client.update;

import org.hanse.client.policy.PlannedJob;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.encode.EncodingResult;
import org.hanse.core.encode.LocalUpdate;
import org.hanse.core.encode.RoundingKey;
import org.hanse.core.encode.UpdateEncoder;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;

/**
 * Encodes one site's updates of one job. The rounding depends on the round and the model alone, so
 * every attempt of a round masks the very same vector.
 *
 * @param self this site's signing key
 * @param siteSecret 32 bytes made when the site was installed
 */
public record RoundEncoder(PlannedJob job, Fingerprint self, SecretBytes siteSecret) {

  /**
   * x_u, chunk by chunk.
   *
   * @param baseModel the model that the update was trained from
   */
  public EncodingResult encode(RoundId round, Hash baseModel, LocalUpdate update) {
    Hash context = job.encodingContext(round, baseModel);
    return UpdateEncoder.encode(
        UpdateEncoding.of(job.manifest()), update, RoundingKey.derive(siteSecret, context, self));
  }
}
