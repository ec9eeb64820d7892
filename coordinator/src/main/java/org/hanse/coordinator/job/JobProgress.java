package org.hanse.coordinator.job;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.wire.value.JobState;

/**
 * How far a running job has come.
 *
 * @param round to run now
 * @param model to start it from
 * @param adoption how the round that made the model closed; empty for the initial model
 * @param publishedRounds so far
 * @param discarded rounds in a row in which sites have released on this very model, and that
 *     brought no other; each reveals a sum
 * @param convicted members with no part in the job any more, and the round that showed it
 */
public record JobProgress(
    RoundId round,
    Hash model,
    Optional<AdoptionProof> adoption,
    long publishedRounds,
    int discarded,
    Map<Fingerprint, Long> convicted) {
  public JobProgress {
    convicted = Map.copyOf(convicted);
  }

  /** What a job does after a round. */
  public sealed interface Next {
    record Run(JobProgress progress) implements Next {}

    /**
     * The job is over.
     *
     * @param reason empty exactly when completed
     */
    record End(JobState state, Optional<AbortReason> reason) implements Next {}
  }

  public static JobProgress start(JobManifest manifest) {
    return new JobProgress(
        new RoundId(manifest.job(), 1),
        manifest.training().initialModelHash(),
        Optional.empty(),
        0,
        0,
        Map.of());
  }

  /** This round brought a model. */
  public JobProgress published(AdoptionProof proof) {
    return new JobProgress(
        round, proof.nextModelHash(), Optional.of(proof), publishedRounds + 1, 0, convicted);
  }

  /** What this round has shown of members. */
  public JobProgress convicting(Collection<Fingerprint> members) {
    Map<Fingerprint, Long> all = new HashMap<>(convicted);
    members.forEach(member -> all.putIfAbsent(member, round.round()));
    return new JobProgress(round, model, adoption, publishedRounds, discarded, all);
  }

  /** After a round that brought a model. */
  public Next afterPublished(JobManifest manifest) {
    return isLast(manifest)
        ? new Next.End(JobState.COMPLETED, Optional.empty())
        : new Next.Run(nextRound(0));
  }

  /**
   * After a round that brought none. Where sites have released, their updates are never sent again:
   * the round has used up its number, and the next one trains anew from the same model, until as
   * many rounds in a row were discarded as may be. Everything else ends the job.
   *
   * @param spent whether some site has released
   */
  public Next afterGivenUp(JobManifest manifest, AbortReason reason, boolean spent) {
    if (reason == AbortReason.ABORTED_BY_USER) {
      return new Next.End(JobState.ABORTED, Optional.of(reason));
    }
    if (!spent || !mayTrainAnew(reason)) {
      return failed(reason);
    }
    if (discarded + 1 >= manifest.aggregation().retries().maxDiscardedInARow()) {
      return failed(AbortReason.ROUNDS_DISCARDED);
    }
    return isLast(manifest) ? failed(reason) : new Next.Run(nextRound(discarded + 1));
  }

  private static Next failed(AbortReason reason) {
    return new Next.End(JobState.FAILED, Optional.of(reason));
  }

  /**
   * A result that c+1 sites refused, or too few confirmed, is for people to look at: one of them
   * may have shown that this coordinator forges, and others may hold the model already and go back
   * to no other. So is a coordinator that fails.
   */
  private static boolean mayTrainAnew(AbortReason reason) {
    return switch (reason) {
      case QUORUM_NOT_REACHED,
          TOO_FEW_SURVIVORS,
          STATEMENT_NOT_CONFIRMED,
          RECONSTRUCTION_FAILED,
          SHARE_REFUSED,
          RESULT_IMPLAUSIBLE,
          ATTEMPTS_EXHAUSTED ->
          true;
      case VERDICTS_MISSING,
          RESULT_REFUSED,
          COORDINATOR_STORAGE,
          COORDINATOR_FAILED,
          ROUNDS_DISCARDED,
          ABORTED_BY_USER ->
          false;
    };
  }

  private boolean isLast(JobManifest manifest) {
    return round.round() >= manifest.training().rounds();
  }

  private JobProgress nextRound(int discardedRounds) {
    return new JobProgress(
        round.next(), model, adoption, publishedRounds, discardedRounds, convicted);
  }
}
