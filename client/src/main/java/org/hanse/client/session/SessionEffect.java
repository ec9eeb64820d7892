package org.hanse.client.session;

import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;

/** What the agent must do, in list order. */
public sealed interface SessionEffect {

  /**
   * Read manifest and policy, decide, and answer with {@link SessionEvent.Allowed} or {@link
   * SessionEvent.Refused}.
   *
   * @param namedPlan the plan hash that the coordinator gave; another manifest is no manifest
   */
  record Consider(RoundId round, Optional<Hash> namedPlan) implements SessionEffect {}

  /** Tell people that the job waits for the steward. */
  record AnnounceApprovalMissing(RoundId round) implements SessionEffect {}

  /**
   * Fetch the model, train, save the update durably, and answer with {@link
   * SessionEvent.UpdateSaved} or {@link SessionEvent.TrainingFailed}.
   */
  record Train(RoundId round, Hash model) implements SessionEffect {}

  record ReportReady(RoundId round) implements SessionEffect {}

  /**
   * Sit this round out.
   *
   * @param explanation for people at this site; stays here
   */
  record Decline(RoundId round, DeclineReason reason, String explanation)
      implements SessionEffect {}

  /**
   * Check the roster's certificates and start the protocol with the saved update; when it ends,
   * answer with {@link SessionEvent.AttemptEnded}.
   */
  record OpenAttempt(Work work, WorkContent.Start start, SiteRecord.UpdateSaved update)
      implements SessionEffect {}

  /** Hand a message to the protocol. */
  record Feed(ToSite message) implements SessionEffect {}

  /** End the attempt under way and erase its secrets. No answer. */
  record StopAttempt(SiteRefusal reason) implements SessionEffect {}

  /** Tell the coordinator not to wait for this site in an attempt that it cannot take part in. */
  record Withdraw(AttemptId attempt, SiteRefusal reason) implements SessionEffect {}

  /** Remember durably that this model is the one to go on from. */
  record TrustModel(RoundId round, Hash model) implements SessionEffect {}

  /** Remember durably that the round is over, and forget its update. */
  record CloseRound(RoundId round) implements SessionEffect {}

  /** Tell people what came of a round that this site checked. */
  record AnnounceRound(RoundId round, Hash model) implements SessionEffect {}

  /**
   * Tell people that this site has released in a round that brought no result it can accept.
   *
   * @param reason as the coordinator gives it; empty if it has not said, or this site refused
   */
  record AnnounceSpent(RoundId round, Optional<AbortReason> reason) implements SessionEffect {}

  /**
   * People hear that the job stands still.
   *
   * @param reason empty if somebody paused it
   */
  record AnnouncePaused(JobId job, Optional<AbortReason> reason) implements SessionEffect {}

  /** Let go of everything the job used. */
  record EndJob(WorkContent.JobEnded how) implements SessionEffect {}
}
