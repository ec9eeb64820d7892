package org.hanse.coordinator.job;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.hanse.coordinator.round.Resumption;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.ModelSelection;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.wire.value.JobStanding;
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
 * @param resumption where the round to run begins
 * @param best present once a model was measured, where the manifest selects one
 */
public record JobProgress(
    RoundId round,
    Hash model,
    Optional<AdoptionProof> adoption,
    long publishedRounds,
    int discarded,
    Map<Fingerprint, Long> convicted,
    Resumption resumption,
    Optional<BestModel> best) {
  public JobProgress {
    convicted = Map.copyOf(convicted);
  }

  /** What a job does after a round. */
  public sealed interface Next {
    record Run(JobProgress progress) implements Next {}

    /**
     * Not before people have looked at it.
     *
     * @param progress to go on with then
     */
    record Pause(AbortReason reason, JobProgress progress) implements Next {}

    /** The job is over. */
    record End(JobStanding standing) implements Next {}
  }

  public static JobProgress start(JobManifest manifest) {
    return new JobProgress(
        new RoundId(manifest.job(), 1),
        manifest.training().initialModelHash(),
        Optional.empty(),
        0,
        0,
        Map.of(),
        Resumption.NONE,
        Optional.empty());
  }

  /**
   * This round brought a model, and has measured the one that it started from.
   *
   * @param metrics their means, in the manifest's order
   */
  public JobProgress published(JobManifest manifest, AdoptionProof proof, List<Double> metrics) {
    return measured(manifest, metrics).published(proof);
  }

  private JobProgress measured(JobManifest manifest, List<Double> metrics) {
    if (manifest.training().selection().isEmpty()) {
      return this;
    }
    ModelSelection selection = manifest.training().selection().get();
    double value = metrics.get(manifest.selectionMetric().orElseThrow());
    if (best.isPresent() && !selection.improves(value, best.get().value())) {
      return this;
    }
    return new JobProgress(
        round,
        model,
        adoption,
        publishedRounds,
        discarded,
        convicted,
        resumption,
        Optional.of(new BestModel(model, publishedRounds, value)));
  }

  private JobProgress published(AdoptionProof proof) {
    return new JobProgress(
        round,
        proof.nextModelHash(),
        Optional.of(proof),
        publishedRounds + 1,
        0,
        convicted,
        resumption,
        best);
  }

  /** What this round has shown of members. */
  public JobProgress convicting(Collection<Fingerprint> members) {
    Map<Fingerprint, Long> all = new HashMap<>(convicted);
    members.forEach(member -> all.putIfAbsent(member, round.round()));
    return new JobProgress(
        round, model, adoption, publishedRounds, discarded, all, resumption, best);
  }

  /** With the round to run beginning there. */
  public JobProgress resuming(Resumption from) {
    return new JobProgress(
        round, model, adoption, publishedRounds, discarded, convicted, from, best);
  }

  /** After a round that brought a model. */
  public Next afterPublished(JobManifest manifest) {
    return isLast(manifest) || patienceIsOver(manifest)
        ? new Next.End(JobStanding.COMPLETED)
        : new Next.Run(nextRound(0));
  }

  /** The round before this model measured the one that it started from. */
  private boolean patienceIsOver(JobManifest manifest) {
    OptionalLong patience =
        manifest.training().selection().map(ModelSelection::patience).orElse(OptionalLong.empty());
    return patience.isPresent()
        && best.isPresent()
        && publishedRounds - 1 - best.get().publishedRounds() >= patience.getAsLong();
  }

  /**
   * After a round that brought none. Where sites have released, their updates are never sent again:
   * the round has used up its number, and the next one trains anew from the same model, until as
   * many rounds in a row were discarded as may be.
   *
   * @param spent whether some site has released
   */
  public Next afterGivenUp(JobManifest manifest, AbortReason reason, boolean spent) {
    return switch (consequence(reason)) {
      case ABORT -> new Next.End(JobStanding.of(JobState.ABORTED, reason));
      case FAIL -> failed(reason);
      case PAUSE ->
          isLast(manifest) || tooManyDiscarded(manifest, spent)
              ? failed(reason)
              : new Next.Pause(reason, nextRound(spent ? discarded + 1 : discarded));
      case TRAIN_ANEW -> trainAnew(manifest, reason, spent);
    };
  }

  private Next trainAnew(JobManifest manifest, AbortReason reason, boolean spent) {
    if (!spent) {
      return failed(reason);
    }
    if (tooManyDiscarded(manifest, true)) {
      return failed(AbortReason.ROUNDS_DISCARDED);
    }
    return isLast(manifest) ? failed(reason) : new Next.Run(nextRound(discarded + 1));
  }

  /** Sites would refuse what came after. */
  private boolean tooManyDiscarded(JobManifest manifest, boolean spent) {
    return spent && discarded + 1 >= manifest.aggregation().retries().maxDiscardedInARow();
  }

  private static Next failed(AbortReason reason) {
    return new Next.End(JobStanding.of(JobState.FAILED, reason));
  }

  private enum Consequence {
    TRAIN_ANEW,
    PAUSE,
    FAIL,
    ABORT
  }

  /**
   * A result that c+1 sites refused, or too few confirmed, is for people to look at: one of them
   * may have shown that this coordinator forges, and others may hold the model already and go back
   * to no other. So is a coordinator whose disk fails.
   */
  private static Consequence consequence(AbortReason reason) {
    return switch (reason) {
      case QUORUM_NOT_REACHED,
          TOO_FEW_SURVIVORS,
          STATEMENT_NOT_CONFIRMED,
          RECONSTRUCTION_FAILED,
          SHARE_REFUSED,
          RESULT_IMPLAUSIBLE,
          ATTEMPTS_EXHAUSTED ->
          Consequence.TRAIN_ANEW;
      case VERDICTS_MISSING, RESULT_REFUSED, COORDINATOR_STORAGE -> Consequence.PAUSE;
      case COORDINATOR_FAILED, ROUNDS_DISCARDED, PAUSED, PAUSED_TOO_LONG -> Consequence.FAIL;
      case ABORTED_BY_USER -> Consequence.ABORT;
    };
  }

  private boolean isLast(JobManifest manifest) {
    return round.round() >= manifest.training().rounds();
  }

  private JobProgress nextRound(int discardedRounds) {
    return new JobProgress(
        round.next(),
        model,
        adoption,
        publishedRounds,
        discardedRounds,
        convicted,
        resumption.nextRound(),
        best);
  }
}
