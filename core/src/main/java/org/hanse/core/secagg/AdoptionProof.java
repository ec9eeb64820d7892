package org.hanse.core.secagg;

import java.util.List;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;

/**
 * Shows a site that took no part that the last closed round ended in one model: equal ok verdicts,
 * with the fields of the context they were signed under.
 *
 * @param baseModelHash model that the closed round started from
 * @param roster R of the closing attempt, ascending
 */
public record AdoptionProof(
    AttemptId attempt,
    Hash baseModelHash,
    List<Fingerprint> roster,
    Hash resultRoot,
    Hash nextModelHash,
    List<SignedVerdict> verdicts) {
  public AdoptionProof {
    roster = List.copyOf(roster);
    verdicts = List.copyOf(verdicts);
  }

  /** One site's signature over (ok, result root, next model hash). */
  public record SignedVerdict(Fingerprint site, Bytes signingKey, Bytes signature) {}
}
