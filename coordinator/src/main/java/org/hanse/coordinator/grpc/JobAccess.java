package org.hanse.coordinator.grpc;

import io.grpc.StatusRuntimeException;
import org.hanse.coordinator.engine.Answer;
import org.hanse.coordinator.engine.Jobs;
import org.hanse.coordinator.engine.RunningJob;
import org.hanse.coordinator.round.Rejection;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.Member;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.DropReason;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.Refusal;
import org.hanse.wire.status.StatusMapper;

/** Jobs as a caller may see them: a site those it is a member of, a user its own. */
final class JobAccess {
  private final Jobs jobs;

  JobAccess(Jobs jobs) {
    this.jobs = jobs;
  }

  /** A site in a job. */
  record Seat(RunningJob job, Member member) {
    Fingerprint key() {
      return member.signingKey();
    }
  }

  /** The caller's seat in a job, or the status that says why it has none. */
  Seat seatOf(SiteId site, JobId id) {
    RunningJob job = jobs.find(id).orElseThrow(() -> unknown(id));
    return job.description()
        .member(site)
        .map(member -> new Seat(job, member))
        .orElseThrow(() ->
            StatusMapper.toStatus(
                ErrorReason.NOT_A_MEMBER, "the job's manifest does not name this site"));
  }

  /** The caller's own job. Somebody else's is as unknown as none. */
  RunningJob ownedBy(String user, JobId id) {
    return jobs.find(id)
        .filter(job -> job.description().owner().equals(user))
        .orElseThrow(() -> unknown(id));
  }

  /**
   * The status for what a job said to an event.
   *
   * @throws StatusRuntimeException unless it was taken
   */
  static void requireTaken(Answer answer) {
    switch (answer) {
      case Answer.Taken taken -> {}
      case Answer.Rejected(Rejection.ByProtocol(DropReason reason), String detail) ->
          throw StatusMapper.toStatus(Refusal.of(reason, detail));
      case Answer.Rejected(Rejection.OtherRound other, String detail) ->
          throw StatusMapper.toStatus(ErrorReason.STALE_ROUND, detail);
      case Answer.JobOver over ->
          throw StatusMapper.toStatus(ErrorReason.JOB_OVER, "the job is over");
      case Answer.Overloaded overloaded ->
          throw StatusMapper.toStatus(
              Refusal.overloaded("the job has too much to do", Retries.OVERLOAD));
      case Answer.Unavailable unavailable ->
          throw StatusMapper.toStatus(
              ErrorReason.SHUTTING_DOWN,
              "the coordinator is shutting down, or cannot use its own files now");
    }
  }

  private static StatusRuntimeException unknown(JobId id) {
    return StatusMapper.toStatus(ErrorReason.UNKNOWN_JOB, "no job " + id);
  }
}
