package org.hanse.core.secagg;

import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.plan.CohortRules;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.Suite;
import org.hanse.core.vector.Chunking;

/**
 * What was agreed on for a job before any message.
 *
 * @param planHash over the manifest's exact bytes
 */
public record JobTerms(JobManifest manifest, Hash planHash) {
  public CohortRules cohort() {
    return manifest.aggregation().cohort();
  }

  public Suite suite() {
    return manifest.aggregation().suite();
  }

  /** Fewest sites in U1, U2 and U3: max(t, n_min). */
  public int minimumSites() {
    return Math.max(cohort().threshold(), cohort().minimumSurvivors());
  }

  /**
   * ectx: by which a round's updates are encoded.
   *
   * @param modelHash of the model that the round starts from
   */
  public Hash encodingContext(RoundId round, Hash modelHash) {
    return Contexts.round(suite(), round, modelHash, planHash);
  }

  /** Of the masked vector. */
  public Chunking chunking() {
    return UpdateEncoding.of(manifest).chunking();
  }
}
