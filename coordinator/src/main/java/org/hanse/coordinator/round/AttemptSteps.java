package org.hanse.coordinator.round;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.coordinator.AggregationEvent;
import org.hanse.core.secagg.coordinator.AggregationMachine;

/** Aggregating, Applying and Verifying: an attempt from M0 to M11. */
final class AttemptSteps {
  private final AggregationMachine machine;

  AttemptSteps(AggregationMachine machine) {
    this.machine = machine;
  }

  /**
   * A step, or the end of the attempt without a model.
   *
   * @param step what happened; if aborted, the state is still the attempt's
   * @param aborted why the attempt is over; what follows it is not decided here
   */
  record Outcome(RoundStep step, Optional<AbortReason> aborted) {
    static Outcome of(RoundStep step) {
      return new Outcome(step, Optional.empty());
    }

    static Outcome aborted(RoundState state, AbortReason reason) {
      return new Outcome(Replies.nothing(state), Optional.of(reason));
    }
  }

  /** Opens the next attempt among {@code roster}, ascending, all of them ready. */
  Outcome open(RoundState.Training state, List<Fingerprint> roster, Instant now) {
    AttemptId id = new AttemptId(state.plan().round(), state.nextAttempt());
    List<RosterEntry> entries =
        roster.stream().map(site -> state.attendance().keyOf(site).entry()).toList();
    Translation translation =
        new Translation(state.plan(), new Attempt.Cohort(roster, List.of()), now);
    return translation.opened(
        state.attendance(), machine.start(id, state.plan().model().modelHash(), entries));
  }

  Outcome handle(RoundState.InAttempt state, RoundEvent event) {
    return switch (event) {
      case RoundEvent.SiteCame came ->
          Outcome.of(presence(state, came.site(), new Presence.Here()));
      case RoundEvent.SiteWent went ->
          Outcome.of(presence(state, went.site(), new Presence.Away(went.at())));
      case RoundEvent.TrainingFinished finished ->
          // Too late for this attempt, in time for the next.
          Outcome.of(TrainingReports.finished(state, finished));
      case RoundEvent.TrainingDeclined declined -> declined(state, declined);
      case RoundEvent.MessageReceived message -> message(state, message);
      case RoundEvent.UploadUnfit unfit -> unfit(state, unfit);
      case RoundEvent.SumApplied applied ->
          state instanceof RoundState.Applying && applied.attempt().equals(state.attempt().id())
              ? applied(state, applied.sum(), applied.at())
              : Outcome.of(Replies.nothing(state));
      case RoundEvent.SumFailed failed ->
          state instanceof RoundState.Applying && failed.attempt().equals(state.attempt().id())
              ? step(state, new AggregationEvent.UnmaskFailed(failed.reason()), failed.at())
              : Outcome.of(Replies.nothing(state));
      case RoundEvent.TimePassed passed -> timePassed(state, passed.at());
      case RoundEvent.Restarted restarted ->
          Outcome.of(Replies.nothing(States.restarted(state, restarted)));
      case RoundEvent.PauseRequested pause -> pause(state);
      case RoundEvent.StopRequested stop -> stop(state, stop);
    };
  }

  private Outcome applied(RoundState.InAttempt state, RoundEvent.Sum sum, Instant now) {
    return step(
        States.with(state, state.attempt().with(sum.metrics())),
        new AggregationEvent.Unmasked(
            sum.resultRoot(), sum.tags().tag0(), sum.tags().tag1(), sum.nextModelHash()),
        now);
  }

  private Outcome message(RoundState.InAttempt state, RoundEvent.MessageReceived message) {
    AttemptId named = message.attempt();
    if (!named.round().equals(state.plan().round())) {
      return Outcome.of(Replies.otherRound(state, message));
    }
    RoundState.InAttempt noted =
        States.with(state, Replies.noteRelease(state.attendance(), message));
    int order = Integer.compare(named.attempt(), state.attempt().id().attempt());
    if (order != 0) {
      return Outcome.of(
          Replies.reject(
              noted,
              message.site(),
              order < 0 ? DropReason.LATE : DropReason.EARLY,
              "attempt " + state.attempt().id().attempt() + " runs"));
    }
    RoundState.InAttempt judged =
        message.message() instanceof FromSite.Withdrawal(var reason) && Exclusions.ends(reason)
            ? States.with(noted, Exclusions.exclude(noted.attendance(), message.site()))
            : noted;
    return step(
        judged, new AggregationEvent.Received(message.site(), message.message()), message.at());
  }

  /** What its upload was worth is known, so nobody waits for this site any longer. */
  private Outcome unfit(RoundState.InAttempt state, RoundEvent.UploadUnfit unfit) {
    RoundStep refused =
        Replies.reject(state, unfit.site(), unfit.reason(), "the site is left out of the attempt");
    if (!unfit.attempt().equals(state.attempt().id()) || !state.attempt().holds(unfit.site())) {
      return Outcome.of(refused);
    }
    RoundState.InAttempt without =
        States.with(state, Exclusions.exclude(state.attendance(), unfit.site()));
    Outcome outcome = step(without, new AggregationEvent.Gone(unfit.site()), unfit.at());
    return new Outcome(Replies.join(refused.effects(), outcome.step()), outcome.aborted());
  }

  /** Sites whose grace is over leave first; then the step's own deadline counts. */
  private Outcome timePassed(RoundState.InAttempt state, Instant now) {
    List<AggregationEvent> due = new ArrayList<>();
    Absences.gone(state, now).forEach(site -> due.add(new AggregationEvent.Gone(site)));
    int absences = due.size();
    if (state.attempt().stepDeadline().filter(end -> !now.isBefore(end)).isPresent()) {
      due.add(
          state instanceof RoundState.Applying
              ? new AggregationEvent.UnmaskFailed(AbortReason.COORDINATOR_FAILED)
              : new AggregationEvent.StepExpired());
    }
    RoundStep reached = Replies.nothing(state);
    for (int i = 0; i < due.size(); i++) {
      // A step that opened the next stage has a deadline of its own.
      if (!(reached.next() instanceof RoundState.InAttempt current)
          || (i == absences
              && !current.attempt().stepDeadline().equals(state.attempt().stepDeadline()))) {
        break;
      }
      Outcome outcome = step(current, due.get(i), now);
      reached = Replies.join(reached.effects(), outcome.step());
      if (outcome.aborted().isPresent()) {
        return new Outcome(reached, outcome.aborted());
      }
    }
    return Outcome.of(reached);
  }

  /**
   * Before anybody was asked to release an attempt can go without loss, if the round may have
   * another one. One in which sites have released is finished: its updates are never sent again.
   */
  private static Outcome pause(RoundState.InAttempt state) {
    boolean reversible =
        switch (state.attempt().aggregation().stage()) {
          case START, ROSTER, SHARES, SURVIVORS -> !Exclusions.released(state.attendance());
          case QUORUM, RESULT, CLOSED -> false;
        };
    boolean last = state.attempt().id().attempt() + 1 >= state.plan().maxAttempts();
    return reversible && !last && state instanceof RoundState.Aggregating
        ? Outcome.aborted(state, AbortReason.PAUSED)
        : Outcome.of(Replies.nothing(state));
  }

  /** While the sum is unmasked, only the protocol's machine can erase what unmasks it. */
  private Outcome stop(RoundState.InAttempt state, RoundEvent.StopRequested stop) {
    return state instanceof RoundState.Applying
        ? step(state, new AggregationEvent.UnmaskFailed(stop.reason()), stop.at())
        : Outcome.aborted(state, stop.reason());
  }

  private Outcome step(RoundState.InAttempt state, AggregationEvent event, Instant now) {
    return new Translation(state.plan(), state.attempt().cohort(), now)
        .continued(state, machine.handle(state.attempt().aggregation(), event));
  }

  /** Whoever declines takes no part in the attempt that runs either. */
  private Outcome declined(RoundState.InAttempt state, RoundEvent.TrainingDeclined declined) {
    RoundStep noted = TrainingReports.declined(state, declined);
    if (!(noted.next() instanceof RoundState.InAttempt next)
        || next.equals(state)
        || !state.attempt().holds(declined.site())) {
      return Outcome.of(noted);
    }
    Outcome outcome =
        step(
            next,
            new AggregationEvent.Received(
                declined.site(), new FromSite.Withdrawal(SiteRefusal.POLICY_FORBIDS)),
            declined.at());
    return new Outcome(Replies.join(noted.effects(), outcome.step()), outcome.aborted());
  }

  private static RoundStep presence(
      RoundState.InAttempt state, Fingerprint site, Presence presence) {
    return Replies.nothing(
        States.with(state, state.attendance().change(site, a -> a.with(presence))));
  }
}
