package org.hanse.coordinator.round;

import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.coordinator.AggregationEffect;

/** What ends more than an attempt: a site's part in the round, or the round. */
final class Exclusions {
  private Exclusions() {}

  /** Whether any site has released in the round, so that it can only go on or be spent. */
  static boolean released(Attendance attendance) {
    return !attendance.which(Attendee::released).isEmpty();
  }

  static Attendance exclude(Attendance attendance, Fingerprint site) {
    return attendance.change(site, a -> a.standing().isOut() ? a : a.with(new Standing.Out()));
  }

  static Attendance convict(Attendance attendance, Fingerprint dealer) {
    return attendance.change(dealer, a -> a.with(new Standing.Convicted()));
  }

  /** What comes of one site's word against another's in an attempt. */
  static Attendance dispute(Attendance attendance, AggregationEffect.Dispute dispute, int attempt) {
    return attendance
        .change(dispute.holder(), a -> a.with(a.disputes().with(dispute.dealer(), attempt)))
        .change(dispute.dealer(), a -> a.with(a.disputes().with(dispute.holder(), attempt)));
  }

  /** Whether a site dropped for this reason stays out of the round's later attempts. */
  static boolean ends(DropReason reason) {
    return switch (reason) {
      case SIGNATURE_INVALID,
          KEY_INVALID,
          WRONG_LENGTH,
          WRONG_ROOT,
          WRONG_SET,
          SHARE_INVALID,
          CONVICTED ->
          true;
      case NOT_IN_COHORT, LATE, EARLY, DIFFERENT_REPEAT, SILENT, GONE, WITHDREW -> false;
    };
  }

  /** Whether a site that withdrew for this reason would withdraw from every other attempt too. */
  static boolean ends(SiteRefusal reason) {
    return switch (reason) {
      case TOO_MANY_ATTEMPTS,
          ROUND_ALREADY_RELEASED,
          MODEL_RELEASED_TOO_OFTEN,
          MODEL_MISMATCH,
          RESULT_FORGED,
          FALSE_TAG,
          SUM_UNPROVEN,
          RESULT_IMPLAUSIBLE,
          UPDATE_INVALID,
          UPDATE_CHANGED,
          POLICY_FORBIDS ->
          true;
      case UNEXPECTED_MESSAGE,
          ROSTER_INVALID,
          ROSTER_WITHOUT_SELF,
          COHORT_TOO_SMALL,
          ATTEMPT_ALREADY_JOINED,
          SIGNATURE_INVALID,
          KEY_INVALID,
          SHARE_INVALID,
          SET_INVALID,
          OWN_UPLOAD_ALTERED,
          QUORUM_INVALID,
          DEADLINE_PASSED ->
          false;
    };
  }

  /** Whether an attempt aborted for this reason is the round's last. */
  static boolean ends(AbortReason reason) {
    return switch (reason) {
      case VERDICTS_MISSING,
          RESULT_REFUSED,
          COORDINATOR_STORAGE,
          COORDINATOR_FAILED,
          ATTEMPTS_EXHAUSTED,
          ROUNDS_DISCARDED,
          ABORTED_BY_USER,
          PAUSED_TOO_LONG ->
          true;
      case QUORUM_NOT_REACHED,
          TOO_FEW_SURVIVORS,
          STATEMENT_NOT_CONFIRMED,
          RECONSTRUCTION_FAILED,
          SHARE_REFUSED,
          RESULT_IMPLAUSIBLE,
          PAUSED ->
          false;
    };
  }
}
