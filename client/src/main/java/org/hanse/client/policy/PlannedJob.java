package org.hanse.client.policy;

import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.JobTerms;

/**
 * A manifest as this site read it.
 *
 * @param planHash over the exact bytes that {@code manifest} was read from, computed at this site
 */
public record PlannedJob(JobManifest manifest, Hash planHash) {
  /**
   * ectx of a round, by which its updates are encoded.
   *
   * @param baseModel that the round starts from
   */
  public Hash encodingContext(RoundId round, Hash baseModel) {
    return new JobTerms(manifest, planHash).encodingContext(round, baseModel);
  }
}
