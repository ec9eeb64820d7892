package org.hanse.coordinator.round;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Member;
import org.hanse.core.secagg.coordinator.AggregationMachine;

/**
 * The life of a round: event in, next state and effects out. Holds no state of its own; replaying
 * the events of a round gives the same state and effects again. Not bound to one round.
 */
public final class RoundMachine {
  private final Gathering gathering;
  private final AttemptSteps attempts;

  public RoundMachine(AggregationMachine aggregation) {
    this.attempts = new AttemptSteps(aggregation);
    this.gathering = new Gathering(attempts);
  }

  /**
   * Opens a round.
   *
   * @param known presence of the members that the coordinator has heard of
   */
  public RoundStep open(RoundPlan plan, Map<Fingerprint, Presence> known, Instant now) {
    return finish(
        Optional.empty(), gathering.recruit(plan, attendance(plan, known, now), now), now, false);
  }

  /**
   * A round that is not open yet.
   *
   * @param known presence of the members that the coordinator has heard of
   */
  public RoundState pending(RoundPlan plan, Map<Fingerprint, Presence> known, Instant now) {
    return new RoundState.Pending(plan, attendance(plan, known, now), plan.resumption().attempts());
  }

  private static Attendance attendance(
      RoundPlan plan, Map<Fingerprint, Presence> known, Instant now) {
    List<Fingerprint> members =
        plan.model().manifest().consortium().members().stream().map(Member::signingKey).toList();
    return Attendance.opening(members, plan.convicted(), known, now);
  }

  /**
   * One event.
   *
   * @throws IllegalArgumentException if the event names a site that is no member
   */
  public RoundStep handle(RoundState state, RoundEvent event) {
    RoundStep step =
        switch (state) {
          case RoundState.Recruiting recruiting -> gathering.handle(recruiting, event);
          case RoundState.Training training -> gathering.handle(training, event);
          case RoundState.InAttempt inAttempt ->
              gathering.settle(attempts.handle(inAttempt, event), event.at());
          case RoundState.Pending pending -> over(pending, event);
          case RoundState.Published published -> over(published, event);
          case RoundState.Aborted aborted -> over(aborted, event);
        };
    boolean noAlarm =
        event instanceof RoundEvent.TimePassed || event instanceof RoundEvent.Restarted;
    return finish(Optional.of(state), step, event.at(), noAlarm);
  }

  private static RoundStep over(RoundState state, RoundEvent event) {
    return switch (event) {
      case RoundEvent.MessageReceived message -> Replies.late(state, message);
      case RoundEvent.UploadUnfit unfit ->
          Replies.reject(state, unfit.site(), unfit.reason(), "no attempt runs");
      case RoundEvent.TrainingFinished finished ->
          Replies.lateTraining(state, finished.round(), finished.site());
      case RoundEvent.TrainingDeclined declined ->
          Replies.lateTraining(state, declined.round(), declined.site());
      case RoundEvent.SiteCame(Fingerprint site, Instant at) ->
          Replies.nothing(States.withPresence(state, site, new Presence.Here()));
      case RoundEvent.SiteWent(Fingerprint site, Instant at) ->
          Replies.nothing(States.withPresence(state, site, new Presence.Away(at)));
      case RoundEvent.SumApplied applied -> Replies.nothing(state);
      case RoundEvent.SumFailed failed -> Replies.nothing(state);
      case RoundEvent.TimePassed passed -> Replies.nothing(state);
      case RoundEvent.Restarted restarted -> Replies.nothing(States.restarted(state, restarted));
      case RoundEvent.PauseRequested pause -> Replies.nothing(state);
      case RoundEvent.StopRequested stop -> Replies.nothing(state);
    };
  }

  /**
   * Durability comes first; the next alarm last.
   *
   * @param noAlarm whether none is set, since it has gone off or was never set in this process
   */
  private static RoundStep finish(
      Optional<RoundState> before, RoundStep step, Instant now, boolean noAlarm) {
    List<RoundEffect> effects = new ArrayList<>();
    if (step.effects().stream().anyMatch(effect -> !(effect instanceof RoundEffect.Reject))
        || before.isEmpty()
        || changesMoreThanPresence(before.get(), step.next())) {
      effects.add(new RoundEffect.Persist());
    }
    effects.addAll(step.effects());
    Alarms.next(step.next(), now)
        .filter(time ->
            noAlarm || !before.flatMap(state -> Alarms.next(state, now)).equals(Optional.of(time)))
        .ifPresent(time -> effects.add(new RoundEffect.WakeAt(time)));
    return new RoundStep(step.next(), effects);
  }

  /** Whether what changed must outlive a crash. */
  private static boolean changesMoreThanPresence(RoundState before, RoundState next) {
    return !States.with(before, next.attendance()).equals(next)
        || before.attendance().members().entrySet().stream()
            .anyMatch(entry -> {
              Attendee later = next.attendance().of(entry.getKey());
              return !entry.getValue().with(later.presence()).equals(later);
            });
  }
}
