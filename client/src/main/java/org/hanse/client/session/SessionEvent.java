package org.hanse.client.session;

import java.util.Optional;
import org.hanse.client.policy.PlannedJob;
import org.hanse.client.policy.PolicyDecision;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.hanse.wire.value.Work;

/** What can happen to a site's session. */
public sealed interface SessionEvent {

  /** The coordinator's next item. */
  record Offered(Work work) implements SessionEvent {}

  /** Answer to {@link SessionEffect.Consider}: this site takes part. */
  record Allowed(PlannedJob job) implements SessionEvent {}

  /** Answer to {@link SessionEffect.Consider}: it does not, or not yet. */
  record Refused(PolicyDecision.Refused decision) implements SessionEvent {}

  /** The policy may have changed. */
  record PolicyMayHaveChanged() implements SessionEvent {}

  /** Answer to {@link SessionEffect.Train}: the update is saved. */
  record UpdateSaved(RoundId round) implements SessionEvent {}

  /** Answer to {@link SessionEffect.Train}: there will be no update. */
  record TrainingFailed(RoundId round, DeclineReason reason, String explanation)
      implements SessionEvent {}

  /**
   * The attempt is over for this site.
   *
   * @param nextModel hash of the model computed from the checked result; empty if there was none
   */
  record AttemptEnded(AttemptId attempt, Optional<Hash> nextModel) implements SessionEvent {}

  /** The time for what is under way is over. */
  record DeadlinePassed() implements SessionEvent {}
}
