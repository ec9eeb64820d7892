package org.hanse.core.secagg.site;

import java.util.List;
import org.hanse.core.crypto.Fingerprints;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.core.secagg.Ascending;
import org.hanse.core.secagg.Contexts;
import org.hanse.core.secagg.JobTerms;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.SignedContent;

/**
 * Lets a site that could not check the last result itself take over the model that others checked:
 * at least c+1 equal ok verdicts by distinct members, so that one is honest. Immutable.
 */
public final class AdoptionVerifier {
  private final JobTerms terms;

  /**
   * @param planHash {@link Contexts#planHash} over the manifest's exact bytes as this site approved
   *     them
   */
  public AdoptionVerifier(JobManifest manifest, Hash planHash) {
    this.terms = new JobTerms(manifest, planHash);
  }

  /**
   * Whether {@code proof} shows that {@code round} may start from {@code proof.nextModelHash()}.
   * Rounds between the proof's and {@code round} must have been discarded, so there are no more of
   * them than may be in a row; that none of them closed after all is for the site to know.
   */
  public boolean shows(AdoptionProof proof, RoundId round) {
    AttemptId attempt = proof.attempt();
    if (!attempt.round().job().equals(terms.manifest().job())
        || !round.job().equals(terms.manifest().job())
        || !mayFollow(attempt.round(), round)
        || !isRoster(proof.roster())
        || !Ascending.isStrict(proof.verdicts(), AdoptionProof.SignedVerdict::site)
        || proof.verdicts().size() <= terms.cohort().colludingSites()) {
      return false;
    }
    Hash context =
        Contexts.attempt(
            terms.suite(), attempt, proof.baseModelHash(), terms.planHash(), proof.roster());
    SignedContent content = SignedContent.verdict(true, proof.resultRoot(), proof.nextModelHash());
    return proof.verdicts().stream().allMatch(verdict -> isValid(verdict, proof, context, content));
  }

  private boolean mayFollow(RoundId closed, RoundId round) {
    long later = round.round() - closed.round();
    return later >= 1 && later <= terms.manifest().aggregation().retries().maxDiscardedInARow();
  }

  private boolean isRoster(List<Fingerprint> roster) {
    return roster.size() >= terms.cohort().minimumRoster()
        && Ascending.isStrict(roster, site -> site)
        && roster.stream()
            .allMatch(site -> terms.manifest().consortium().memberByKey(site).isPresent());
  }

  private static boolean isValid(
      AdoptionProof.SignedVerdict verdict,
      AdoptionProof proof,
      Hash context,
      SignedContent content) {
    return proof.roster().contains(verdict.site())
        && verdict.signingKey().size() == Fingerprint.SIZE_BYTES
        && Fingerprints.of(verdict.signingKey()).equals(verdict.site())
        && content.isSignedBy(
            new RosterEntry(verdict.site(), verdict.signingKey()), context, verdict.signature());
  }
}
