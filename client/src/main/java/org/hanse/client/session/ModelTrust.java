package org.hanse.client.session;

import java.util.Optional;
import org.hanse.client.policy.PlannedJob;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.core.secagg.site.AdoptionVerifier;
import org.hanse.wire.value.WorkContent;

/**
 * Decides which model a round may start from: the newest one that this site computed from a checked
 * result, or adopted; the manifest's initial model before any; or one that enough members vouch for
 * as the result of a later round than those this site knows. Nothing older: a coordinator must not
 * lead a site back behind a round that it knows to be closed. Rounds between the model's and the
 * one that starts from it were discarded, and no more of them than may be in a row.
 */
public final class ModelTrust {
  /** What came of it. */
  public sealed interface Decision {}

  /** The site knows the model already. */
  public record Known() implements Decision {}

  /**
   * The proof convinces.
   *
   * @param producedBy round whose result the model is
   */
  public record Adopted(RoundId producedBy) implements Decision {}

  /**
   * The site does not go along.
   *
   * @param explanation for people at this site
   */
  public record Untrusted(String explanation) implements Decision {}

  /** Whether the task's model is one to train on. */
  public Decision decide(SiteMemory memory, PlannedJob job, RoundId round, WorkContent.Train task) {
    Hash offered = task.modelHash();
    Optional<SiteRecord.ModelTrusted> newest = memory.trusted();
    Hash known =
        newest
            .map(SiteRecord.ModelTrusted::model)
            .orElse(job.manifest().training().initialModelHash());
    long knownRound = newest.map(trusted -> trusted.round().round()).orElse(0L);
    if (offered.equals(known) && mayFollow(job, round, knownRound)) {
      return new Known();
    }
    if (task.adoption().isEmpty()) {
      return new Untrusted(
          round
              + " is to start from model "
              + offered
              + ", this site knows "
              + known
              + " of round "
              + knownRound);
    }
    AdoptionProof proof = task.adoption().get();
    boolean convincing =
        proof.nextModelHash().equals(offered)
            && proof.attempt().round().round() > knownRound
            && new AdoptionVerifier(job.manifest(), job.planHash()).shows(proof, round);
    return convincing
        ? new Adopted(proof.attempt().round())
        : new Untrusted("too few members vouch for model " + offered + " as the start of " + round);
  }

  /** Whether all rounds between can have been discarded: a job ends when too many are, in a row. */
  private static boolean mayFollow(PlannedJob job, RoundId round, long closedRound) {
    return round.round() - closedRound
        <= job.manifest().aggregation().retries().maxDiscardedInARow();
  }
}
