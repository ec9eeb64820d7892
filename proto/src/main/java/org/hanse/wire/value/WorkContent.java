package org.hanse.wire.value;

import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.ToSite;

/** What a work item asks for or tells. */
public sealed interface WorkContent {
  WorkStage stage();

  /**
   * Train on this model.
   *
   * @param planHash hash over the exact manifest bytes
   * @param modelHash model to start from
   * @param adoption how the last round closed, for a site that did not check its result itself; not
   *     in round 1
   */
  record Train(Hash planHash, Hash modelHash, Optional<AdoptionProof> adoption)
      implements WorkContent {
    @Override
    public WorkStage stage() {
      return WorkStage.TRAIN;
    }
  }

  /**
   * M0 as it travels: the roster's certificates are not checked yet.
   *
   * @param certificates X.509 DER of each member's signing certificate, ascending by fingerprint
   */
  record Start(Hash modelHash, List<Bytes> certificates) implements WorkContent {
    public Start {
      certificates = List.copyOf(certificates);
    }

    @Override
    public WorkStage stage() {
      return WorkStage.START;
    }

    /**
     * M0 for the site's machine, once the transport has checked every certificate's chain, validity
     * and site id.
     *
     * @param verified one entry per certificate, in the same order
     * @throws IllegalArgumentException if their numbers differ
     */
    public ToSite.RoundStart verified(AttemptId attempt, List<RosterEntry> verified) {
      if (verified.size() != certificates.size()) {
        throw new IllegalArgumentException(
            verified.size() + " entries for " + certificates.size() + " certificates");
      }
      return new ToSite.RoundStart(attempt, modelHash, verified);
    }
  }

  /**
   * M2, M4, M6, M8 or M10.
   *
   * @param message never a {@link ToSite.RoundStart}: that one travels as {@link Start}
   */
  record Step(ToSite message) implements WorkContent {
    public Step {
      stageOf(message);
    }

    @Override
    public WorkStage stage() {
      return stageOf(message);
    }

    private static WorkStage stageOf(ToSite message) {
      return switch (message) {
        case ToSite.RoundStart start ->
            throw new IllegalArgumentException("M0 travels with certificates");
        case ToSite.Roster roster -> WorkStage.ROSTER;
        case ToSite.SharesFor shares -> WorkStage.SHARES;
        case ToSite.Survivors survivors -> WorkStage.SURVIVORS;
        case ToSite.Quorum quorum -> WorkStage.QUORUM;
        case ToSite.Result result -> WorkStage.RESULT;
      };
    }
  }

  /**
   * The attempt is over.
   *
   * @param failure empty when a new model was published
   */
  record AttemptClosed(Optional<AbortReason> failure) implements WorkContent {
    public boolean published() {
      return failure.isEmpty();
    }

    @Override
    public WorkStage stage() {
      return WorkStage.ATTEMPT_CLOSED;
    }
  }

  /**
   * The job is paused: whatever else there was to do is not to be done.
   *
   * @param reason empty if a person paused it
   */
  record JobPaused(Optional<AbortReason> reason) implements WorkContent {
    @Override
    public WorkStage stage() {
      return WorkStage.JOB_PAUSED;
    }
  }

  /**
   * The job is over.
   *
   * @param state one that ends a job
   * @param reason present exactly when failed or aborted
   */
  record JobEnded(JobState state, Optional<AbortReason> reason) implements WorkContent {
    public JobEnded {
      if (!state.ended() || reason.isPresent() != state.endsEarly()) {
        throw new IllegalArgumentException("ended as " + state + " with reason " + reason);
      }
    }

    @Override
    public WorkStage stage() {
      return WorkStage.JOB_ENDED;
    }
  }
}
