package org.hanse.client.session;

import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.wire.value.Work;

/** Where this site stands in one job. What must survive a restart is in {@link SiteMemory}. */
public sealed interface SessionState {

  /** Whether this site is at work for a round. */
  default boolean atWork() {
    return switch (this) {
      case Considering considering -> true;
      case Training training -> true;
      case InAttempt in -> true;
      case BeforeRelease before -> true;
      case Waiting waiting -> false;
      case AwaitingApproval awaiting -> false;
      case Ended ended -> false;
    };
  }

  /** Nothing is under way. */
  record Waiting() implements SessionState {}

  /**
   * The site's own decision about a task or an attempt is being made.
   *
   * @param work a training task or M0
   * @param announced whether people were told that approval is missing
   */
  record Considering(Work work, boolean announced) implements SessionState {}

  /** Only the steward's approval is missing. */
  record AwaitingApproval(Work work) implements SessionState {}

  record Training(RoundId round, Hash model) implements SessionState {}

  record InAttempt(AttemptId attempt) implements SessionState {}

  /** The site's own decision is made once more before it releases. */
  record BeforeRelease(AttemptId attempt, Work quorum) implements SessionState {}

  /** The job is over. */
  record Ended() implements SessionState {}
}
