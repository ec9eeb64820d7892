package org.hanse.coordinator.round;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.CohortRules;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.plan.StepDeadlines;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.wire.value.WorkPosition;
import org.hanse.wire.value.WorkStage;

/**
 * What a round is about; fixed at its opening.
 *
 * @param adoption how the round that made the model closed; empty for the initial model
 * @param convicted members with no part in this job any more
 */
public record RoundPlan(
    RoundId round,
    ModelUnderTraining model,
    Optional<AdoptionProof> adoption,
    Set<Fingerprint> convicted,
    Resumption resumption,
    Patience patience) {
  public RoundPlan {
    convicted = Set.copyOf(convicted);
  }

  /**
   * The job and where it stands.
   *
   * @param modelHash model that this round starts from
   */
  public record ModelUnderTraining(JobManifest manifest, Hash planHash, Hash modelHash) {}

  /**
   * How long a site may be without a call before it counts as gone; both positive.
   *
   * @param lease while sites train
   * @param grace while their updates are added
   */
  public record Patience(Duration lease, Duration grace) {
    public Patience {
      if (!lease.isPositive() || !grace.isPositive()) {
        throw new IllegalArgumentException("lease " + lease + " and grace " + grace);
      }
    }
  }

  public CohortRules cohort() {
    return model.manifest().aggregation().cohort();
  }

  public StepDeadlines deadlines() {
    return model.manifest().aggregation().deadlines();
  }

  /**
   * The name of a member.
   *
   * @throws IllegalArgumentException if no member has this key
   */
  public SiteId siteOf(Fingerprint signingKey) {
    return model
        .manifest()
        .consortium()
        .memberByKey(signingKey)
        .orElseThrow(() -> new IllegalArgumentException("no member " + signingKey))
        .site();
  }

  WorkPosition position(AttemptId attempt, WorkStage stage) {
    return new WorkPosition(resumption.pauses(), attempt, stage);
  }

  int maxAttempts() {
    return model.manifest().aggregation().retries().maxAttemptsPerRound();
  }
}
