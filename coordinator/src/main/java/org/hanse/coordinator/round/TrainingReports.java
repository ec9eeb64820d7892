package org.hanse.coordinator.round;

import java.util.List;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.secagg.DropReason;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobEventValue.LeaveReason;

/** What a member says of its training, the same before an attempt and while one runs. */
final class TrainingReports {
  private TrainingReports() {}

  /** Notes that the site is ready, or that its certificate was renewed since it was. */
  static RoundStep finished(RoundState state, RoundEvent.TrainingFinished finished) {
    if (!finished.round().equals(state.plan().round())) {
      return Replies.otherRound(state, finished.site(), finished.round());
    }
    Standing standing = state.attendance().of(finished.site()).standing();
    if (standing instanceof Standing.Convicted) {
      return Replies.reject(
          state, finished.site(), DropReason.CONVICTED, "the site is out of this job");
    }
    if (standing.isOut()) {
      return Replies.reject(
          state, finished.site(), DropReason.NOT_IN_COHORT, "the site sits this round out");
    }
    if (!finished.key().validAt(finished.at())) {
      return Replies.reject(
          state, finished.site(), DropReason.KEY_INVALID, "the signing certificate has ended");
    }
    return Replies.nothing(
        States.with(
            state,
            state
                .attendance()
                .change(finished.site(), a -> a.with(new Standing.Ready(finished.key())))));
  }

  /**
   * Takes the site out of the round; it has no work then, and those who watch the job hear of it.
   */
  static RoundStep declined(RoundState state, RoundEvent.TrainingDeclined declined) {
    if (!declined.round().equals(state.plan().round())) {
      return Replies.otherRound(state, declined.site(), declined.round());
    }
    if (state.attendance().of(declined.site()).standing().isOut()) {
      return Replies.nothing(state);
    }
    return new RoundStep(
        States.with(state, Exclusions.exclude(state.attendance(), declined.site())),
        List.of(
            new RoundEffect.Dismiss(declined.site()),
            new RoundEffect.Report(
                new JobEventValue.SiteLeft(
                    new AttemptId(declined.round(), 0),
                    state.plan().siteOf(declined.site()),
                    new LeaveReason.Declined(declined.reason())))));
  }
}
