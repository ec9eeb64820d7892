package org.hanse.coordinator.round;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.AggregationEvent;
import org.hanse.core.secagg.AggregationMachine;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.wire.value.JobEventValue;

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
      case RoundEvent.TrainingFinished finished -> Outcome.of(finished(state, finished));
      case RoundEvent.TrainingDeclined declined -> Outcome.of(declined(state, declined));
      case RoundEvent.MessageReceived message -> message(state, message);
      case RoundEvent.UploadUnfit unfit -> unfit(state, unfit);
      case RoundEvent.SumApplied applied ->
          state instanceof RoundState.Applying && applied.attempt().equals(state.attempt().id())
              ? step(
                  state,
                  new AggregationEvent.Unmasked(
                      applied.resultRoot(),
                      applied.tags().tag0(),
                      applied.tags().tag1(),
                      applied.nextModelHash()),
                  applied.at())
              : Outcome.of(Replies.nothing(state));
      case RoundEvent.SumFailed failed ->
          state instanceof RoundState.Applying && failed.attempt().equals(state.attempt().id())
              ? step(state, new AggregationEvent.UnmaskFailed(failed.reason()), failed.at())
              : Outcome.of(Replies.nothing(state));
      case RoundEvent.TimePassed passed -> timePassed(state, passed.at());
      case RoundEvent.StopRequested stop -> Outcome.aborted(state, stop.reason());
    };
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
    for (Fingerprint site : state.attempt().cohort().roster()) {
      if (state.attempt().holds(site)
          && Alarms.goneFrom(state, site).filter(from -> !now.isBefore(from)).isPresent()) {
        due.add(new AggregationEvent.Gone(site));
      }
    }
    if (state.attempt().stepDeadline().filter(end -> !now.isBefore(end)).isPresent()) {
      due.add(new AggregationEvent.StepExpired());
    }
    RoundStep reached = Replies.nothing(state);
    for (AggregationEvent event : due) {
      // A step that opened the next stage has a deadline of its own.
      if (!(reached.next() instanceof RoundState.InAttempt current)
          || (event instanceof AggregationEvent.StepExpired
              && !current.attempt().stepDeadline().equals(state.attempt().stepDeadline()))) {
        break;
      }
      Outcome outcome = step(current, event, now);
      reached = Replies.join(reached.effects(), outcome.step());
      if (outcome.aborted().isPresent()) {
        return new Outcome(reached, outcome.aborted());
      }
    }
    return Outcome.of(reached);
  }

  private Outcome step(RoundState.InAttempt state, AggregationEvent event, Instant now) {
    return new Translation(state.plan(), state.attempt().cohort(), now)
        .continued(state, machine.handle(state.attempt().aggregation(), event));
  }

  /** Too late for this attempt, in time for the next. */
  private static RoundStep finished(
      RoundState.InAttempt state, RoundEvent.TrainingFinished finished) {
    if (!finished.round().equals(state.plan().round())) {
      return Replies.otherRound(state, finished.site(), finished.round());
    }
    return switch (state.attendance().of(finished.site()).standing()) {
      case Standing.Expected() ->
          Replies.nothing(
              States.with(
                  state,
                  state
                      .attendance()
                      .change(finished.site(), a -> a.with(new Standing.Ready(finished.key())))));
      case Standing.Ready ready -> Replies.nothing(state);
      case Standing.Out() -> Replies.sitsOut(state, finished.site());
    };
  }

  private static RoundStep declined(
      RoundState.InAttempt state, RoundEvent.TrainingDeclined declined) {
    if (!declined.round().equals(state.plan().round())) {
      return Replies.otherRound(state, declined.site(), declined.round());
    }
    return switch (state.attendance().of(declined.site()).standing()) {
      case Standing.Expected() ->
          new RoundStep(
              States.with(state, Exclusions.exclude(state.attendance(), declined.site())),
              List.of(
                  new RoundEffect.Dismiss(declined.site()),
                  new RoundEffect.Report(
                      new JobEventValue.SiteLeft(
                          new AttemptId(declined.round(), 0),
                          state.plan().siteOf(declined.site()),
                          new JobEventValue.LeaveReason.Declined(declined.reason())))));
      case Standing.Ready ready ->
          Replies.reject(
              state, declined.site(), DropReason.DIFFERENT_REPEAT, "the site reported ready");
      case Standing.Out() -> Replies.nothing(state);
    };
  }

  private static RoundStep presence(
      RoundState.InAttempt state, Fingerprint site, Presence presence) {
    return Replies.nothing(
        States.with(state, state.attendance().change(site, a -> a.with(presence))));
  }
}
