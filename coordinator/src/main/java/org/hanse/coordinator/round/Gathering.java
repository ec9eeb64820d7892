package org.hanse.coordinator.round;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobEventValue.LeaveReason;
import org.hanse.wire.value.WorkContent;
import org.hanse.wire.value.WorkPosition;
import org.hanse.wire.value.WorkStage;

/** Recruiting and Training: everything before an attempt, and between two. */
final class Gathering {
  private final AttemptSteps attempts;

  Gathering(AttemptSteps attempts) {
    this.attempts = attempts;
  }

  RoundStep recruit(RoundPlan plan, Attendance attendance, Instant now) {
    Instant deadline = now.plusSeconds(plan.deadlines().recruitSeconds());
    RoundState.Recruiting state = new RoundState.Recruiting(plan, attendance, deadline);
    AttemptId first = firstAttempt(state);
    List<RoundEffect> without =
        attendance.convicted().stream()
            .<RoundEffect>map(site ->
                new RoundEffect.Report(
                    new JobEventValue.SiteLeft(
                        first, plan.siteOf(site), new LeaveReason.Dropped(DropReason.CONVICTED))))
            .toList();
    return Replies.join(
        without,
        attendance.possible(first.attempt()).size() < plan.cohort().minimumRoster()
            ? giveUpUnattempted(state, first, AbortReason.QUORUM_NOT_REACHED)
            : tryTraining(state, now));
  }

  RoundStep handle(RoundState.Recruiting state, RoundEvent event) {
    return switch (event) {
      case RoundEvent.SiteCame came ->
          tryTraining(
              States.with(state, presence(state, came.site(), new Presence.Here())), came.at());
      case RoundEvent.SiteWent went ->
          Replies.nothing(
              States.with(state, presence(state, went.site(), new Presence.Away(went.at()))));
      case RoundEvent.TrainingFinished finished -> early(state, finished.round(), finished.site());
      case RoundEvent.TrainingDeclined declined -> early(state, declined.round(), declined.site());
      case RoundEvent.MessageReceived message ->
          message.attempt().round().equals(state.plan().round())
              ? early(state, message.attempt().round(), message.site())
              : Replies.otherRound(state, message);
      case RoundEvent.UploadUnfit unfit -> early(state, unfit.attempt().round(), unfit.site());
      case RoundEvent.TimePassed passed ->
          passed.at().isBefore(state.deadline())
              ? Replies.nothing(state)
              : giveUpUnattempted(state, firstAttempt(state), AbortReason.QUORUM_NOT_REACHED);
      case RoundEvent.StopRequested stop ->
          giveUpUnattempted(state, firstAttempt(state), stop.reason());
      case RoundEvent.PauseRequested pause -> pending(state, firstAttempt(state).attempt());
      case RoundEvent.SumApplied applied -> Replies.nothing(state);
      case RoundEvent.SumFailed failed -> Replies.nothing(state);
      case RoundEvent.Restarted restarted -> Replies.nothing(States.restarted(state, restarted));
    };
  }

  RoundStep handle(RoundState.Training state, RoundEvent event) {
    return switch (event) {
      case RoundEvent.SiteCame came ->
          tryAttempt(
              States.with(state, presence(state, came.site(), new Presence.Here())), came.at());
      case RoundEvent.SiteWent went ->
          Replies.nothing(
              States.with(state, presence(state, went.site(), new Presence.Away(went.at()))));
      case RoundEvent.TrainingFinished finished ->
          reported(state, TrainingReports.finished(state, finished), finished.at());
      case RoundEvent.TrainingDeclined declined ->
          reported(state, TrainingReports.declined(state, declined), declined.at());
      case RoundEvent.MessageReceived message -> message(state, message);
      case RoundEvent.UploadUnfit unfit ->
          Replies.reject(state, unfit.site(), unfit.reason(), "no attempt runs");
      case RoundEvent.TimePassed passed -> tryAttempt(state, passed.at());
      case RoundEvent.StopRequested stop -> giveUpUnattempted(state, last(state), stop.reason());
      case RoundEvent.PauseRequested pause ->
          state.nextAttempt() >= state.plan().maxAttempts()
                  || Exclusions.released(state.attendance())
              ? Replies.nothing(state)
              : pending(state, state.nextAttempt());
      case RoundEvent.SumApplied applied -> Replies.nothing(state);
      case RoundEvent.SumFailed failed -> Replies.nothing(state);
      case RoundEvent.Restarted restarted -> Replies.nothing(States.restarted(state, restarted));
    };
  }

  /**
   * What follows a step of an attempt: usually nothing more; after an aborted one the next at once
   * if enough sites stand ready, else a wait for those that may come back within their lease.
   */
  RoundStep settle(AttemptSteps.Outcome outcome, Instant now) {
    if (outcome.aborted().isEmpty()
        || !(outcome.step().next() instanceof RoundState.InAttempt ended)) {
      return outcome.step();
    }
    AbortReason reason = outcome.aborted().get();
    AttemptId id = ended.attempt().id();
    List<RoundEffect> effects = new ArrayList<>(outcome.step().effects());
    effects.add(new RoundEffect.DiscardAttempt(id));
    effects.add(new RoundEffect.Report(new JobEventValue.AttemptAborted(id, reason)));
    if (Exclusions.ends(reason)) {
      return Replies.join(effects, giveUp(ended, id, reason));
    }
    if (reason == AbortReason.PAUSED) {
      return Replies.join(effects, pending(ended, id.attempt() + 1));
    }
    RoundStep next =
        tryAttempt(
            new RoundState.Training(
                ended.plan(),
                ended.attendance(),
                now.plus(ended.plan().patience().lease()),
                id.attempt() + 1,
                Optional.of(reason)),
            now);
    effects.addAll(closed(ended, next.next(), reason));
    return Replies.join(effects, next);
  }

  /** Everybody hears of it from the job, which alone knows why. */
  private static RoundStep pending(RoundState state, int attempts) {
    return Replies.nothing(new RoundState.Pending(state.plan(), state.attendance(), attempts));
  }

  /** The members of an aborted attempt that are not in the next one hear that it is over. */
  private static List<RoundEffect> closed(
      RoundState.InAttempt ended, RoundState next, AbortReason reason) {
    WorkPosition position = ended.plan().position(ended.attempt().id(), WorkStage.ATTEMPT_CLOSED);
    return ended.attempt().cohort().roster().stream()
        .filter(site ->
            !(next instanceof RoundState.InAttempt later
                && later.attempt().cohort().roster().contains(site)))
        .<RoundEffect>map(site ->
            new RoundEffect.Assign(
                site,
                position,
                new WorkContent.AttemptClosed(Optional.of(reason)),
                Optional.empty()))
        .toList();
  }

  private static RoundStep giveUp(RoundState state, AttemptId last, AbortReason reason) {
    boolean spent = Exclusions.released(state.attendance());
    WorkPosition position = state.plan().position(last, WorkStage.ATTEMPT_CLOSED);
    List<RoundEffect> effects = new ArrayList<>();
    for (Fingerprint member : state.attendance().members().keySet()) {
      effects.add(
          new RoundEffect.Assign(
              member,
              position,
              new WorkContent.AttemptClosed(Optional.of(reason)),
              Optional.empty()));
    }
    effects.add(new RoundEffect.GiveUp(last, reason, spent));
    return new RoundStep(
        new RoundState.Aborted(state.plan(), state.attendance(), reason, spent), effects);
  }

  /** The end of a round in which no attempt runs. */
  private static RoundStep giveUpUnattempted(RoundState state, AttemptId last, AbortReason reason) {
    return Replies.join(
        List.of(new RoundEffect.Report(new JobEventValue.AttemptAborted(last, reason))),
        giveUp(state, last, reason));
  }

  private RoundStep tryTraining(RoundState.Recruiting state, Instant now) {
    RoundPlan plan = state.plan();
    Duration lease = plan.patience().lease();
    int connected =
        state
            .attendance()
            .which(a -> !a.standing().isOut() && a.presence().connectedAt(now, lease))
            .size();
    if (connected < plan.cohort().minimumRoster()) {
      return Replies.nothing(state);
    }
    Instant deadline = now.plusSeconds(plan.deadlines().trainSeconds());
    WorkPosition position = plan.position(new AttemptId(plan.round(), 0), WorkStage.TRAIN);
    WorkContent task =
        new WorkContent.Train(plan.model().planHash(), plan.model().modelHash(), plan.adoption());
    List<RoundEffect> effects = new ArrayList<>();
    for (Fingerprint site : state.attendance().which(a -> !a.standing().isOut())) {
      effects.add(new RoundEffect.Assign(site, position, task, Optional.of(deadline)));
    }
    effects.add(
        new RoundEffect.Report(
            new JobEventValue.StageReached(position.attempt(), WorkStage.TRAIN, connected)));
    return new RoundStep(
        new RoundState.Training(
            plan, state.attendance(), deadline, plan.resumption().attempts(), Optional.empty()),
        effects);
  }

  /** Opens the attempt if it is time, gives up if it never will be. */
  private RoundStep tryAttempt(RoundState.Training state, Instant now) {
    RoundPlan plan = state.plan();
    Attendance attendance = state.attendance();
    boolean expired = !now.isBefore(state.deadline());
    boolean trained =
        expired
            || state.lastAbort().isPresent()
            || attendance.awaited(now, plan.patience().lease()).isEmpty();
    List<Fingerprint> eligible =
        attendance.eligible(state.nextAttempt(), now, plan.patience().grace());
    int minimum = plan.cohort().minimumRoster();
    List<Fingerprint> roster = roster(plan, attendance, eligible, now);
    if (state.nextAttempt() >= plan.maxAttempts()) {
      return giveUp(state, last(state), AbortReason.ATTEMPTS_EXHAUSTED);
    }
    if (trained && roster.size() >= minimum) {
      return Replies.join(
          withoutCertificate(state, eligible, roster),
          settle(attempts.open(state, roster, now), now));
    }
    if (expired || attendance.possible(state.nextAttempt()).size() < minimum) {
      return state.lastAbort().isPresent()
          ? giveUp(state, last(state), state.lastAbort().get())
          : giveUpUnattempted(state, last(state), AbortReason.QUORUM_NOT_REACHED);
    }
    return Replies.nothing(state);
  }

  /**
   * Sites check certificates when they get M0 and refuse the whole roster over one that has ended:
   * whose certificate may end by then stays out, unless there are too few others.
   */
  private static List<Fingerprint> roster(
      RoundPlan plan, Attendance attendance, List<Fingerprint> eligible, Instant now) {
    Instant joinedBy = now.plusSeconds(plan.deadlines().advertiseSeconds());
    List<Fingerprint> safe = attendance.certified(eligible, joinedBy);
    return safe.size() >= plan.cohort().minimumRoster()
        ? safe
        : attendance.certified(eligible, now);
  }

  private static List<RoundEffect> withoutCertificate(
      RoundState.Training state, List<Fingerprint> eligible, List<Fingerprint> roster) {
    AttemptId attempt = new AttemptId(state.plan().round(), state.nextAttempt());
    return eligible.stream()
        .filter(site -> !roster.contains(site))
        .<RoundEffect>map(site ->
            new RoundEffect.Report(
                new JobEventValue.SiteLeft(
                    attempt,
                    state.plan().siteOf(site),
                    new LeaveReason.Dropped(DropReason.KEY_INVALID))))
        .toList();
  }

  /** A report that changed something may be the one that the attempt waited for. */
  private RoundStep reported(RoundState.Training state, RoundStep noted, Instant now) {
    return noted.next() instanceof RoundState.Training next && !next.equals(state)
        ? Replies.join(noted.effects(), tryAttempt(next, now))
        : noted;
  }

  private static RoundStep message(RoundState.Training state, RoundEvent.MessageReceived message) {
    if (!message.attempt().round().equals(state.plan().round())) {
      return Replies.otherRound(state, message);
    }
    RoundState.Training noted =
        States.with(state, Replies.noteRelease(state.attendance(), message));
    return message.attempt().attempt() < state.nextAttempt()
        ? Replies.reject(noted, message.site(), DropReason.LATE, "the attempt is over")
        : Replies.reject(noted, message.site(), DropReason.EARLY, "no attempt runs yet");
  }

  private static RoundStep early(RoundState state, RoundId round, Fingerprint site) {
    return round.equals(state.plan().round())
        ? Replies.reject(state, site, DropReason.EARLY, "the round is still recruiting")
        : Replies.otherRound(state, site, round);
  }

  private static Attendance presence(RoundState state, Fingerprint site, Presence presence) {
    return state.attendance().change(site, a -> a.with(presence));
  }

  private static AttemptId firstAttempt(RoundState state) {
    return new AttemptId(state.plan().round(), state.plan().resumption().attempts());
  }

  /** The attempt that ran last, or the one that never came. */
  private static AttemptId last(RoundState.Training state) {
    return new AttemptId(state.plan().round(), Math.max(0, state.nextAttempt() - 1));
  }
}
