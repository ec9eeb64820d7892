package org.hanse.coordinator.round;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.StepDeadlines;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.coordinator.AggregationEffect;
import org.hanse.core.secagg.coordinator.AggregationStage;
import org.hanse.core.secagg.coordinator.AggregationState;
import org.hanse.core.secagg.coordinator.AggregationStep;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.WorkContent;
import org.hanse.wire.value.WorkPosition;
import org.hanse.wire.value.WorkStage;

/** Makes steps of the round out of steps of the protocol's machine. */
record Translation(RoundPlan plan, Attempt.Cohort cohort, Instant now) {

  AttemptSteps.Outcome opened(Attendance attendance, AggregationStep step) {
    Instant goneFrom = now.plus(plan.patience().grace());
    return translate(
        new Before(attendance, Optional.empty(), Optional.empty(), goneFrom, List.of()), step);
  }

  AttemptSteps.Outcome continued(RoundState.InAttempt state, AggregationStep step) {
    return translate(
        new Before(
            state.attendance(),
            Optional.of(state.attempt().aggregation().stage()),
            state.attempt().stepDeadline(),
            state.attempt().goneFrom(),
            state.attempt().metrics()),
        step);
  }

  private record Before(
      Attendance attendance,
      Optional<AggregationStage> stage,
      Optional<Instant> stepDeadline,
      Instant goneFrom,
      List<Double> metrics) {}

  private AttemptSteps.Outcome translate(Before before, AggregationStep step) {
    AggregationState aggregation = step.next();
    boolean newStage = !before.stage().equals(Optional.of(aggregation.stage()));
    Optional<Instant> answerBy = newStage ? answerBy(aggregation.stage()) : before.stepDeadline();
    Attempt.Cohort counted = counted(step);
    Attendance attendance = before.attendance();
    List<RoundEffect> effects = new ArrayList<>();
    if (newStage) {
      effects.addAll(uploads(aggregation, counted));
    }
    int sent = 0;
    Optional<AbortReason> aborted = Optional.empty();
    Optional<AdoptionProof> closed = Optional.empty();
    for (AggregationEffect effect : step.effects()) {
      switch (effect) {
        case AggregationEffect.Persist() -> {
          // Every step of the round is durable before its effects.
        }
        case AggregationEffect.Send(Fingerprint to, ToSite message) -> {
          effects.add(assign(before.attendance(), to, message, aggregation.attempt(), answerBy));
          sent++;
        }
        case AggregationEffect.Drop(Fingerprint site, DropReason reason, String detail) -> {
          effects.addAll(dropped(aggregation.attempt(), site, reason));
          attendance = Exclusions.ends(reason) ? Exclusions.exclude(attendance, site) : attendance;
        }
        case AggregationEffect.Reject(Fingerprint site, DropReason reason, String detail) ->
            effects.add(new RoundEffect.Reject(site, new Rejection.ByProtocol(reason), detail));
        case AggregationEffect.Dispute dispute -> {
          attendance = Exclusions.dispute(attendance, dispute, aggregation.attempt().attempt());
          effects.add(disputed(aggregation.attempt(), dispute));
        }
        case AggregationEffect.Convict(Fingerprint dealer) -> {
          attendance = Exclusions.convict(attendance, dealer);
          effects.add(convicted(aggregation.attempt(), dealer));
        }
        case AggregationEffect.Unmask(var unmasker, var revelation) -> {
          effects.add(
              new RoundEffect.Unmask(
                  aggregation.attempt(), aggregation.context(), unmasker, revelation));
          answerBy = Optional.of(now.plusSeconds(plan.deadlines().uploadSeconds()));
        }
        case AggregationEffect.Close(AdoptionProof proof) -> closed = Optional.of(proof);
        case AggregationEffect.Abort(AbortReason reason, String detail) ->
            aborted = Optional.of(reason);
      }
    }
    if (newStage && sent > 0) {
      effects.add(reached(aggregation, sent));
    }
    Attempt attempt =
        new Attempt(counted, aggregation, before.goneFrom(), answerBy, before.metrics());
    if (closed.isPresent()) {
      effects.addAll(published(attendance, attempt, closed.get()));
    }
    RoundState next = next(attendance, attempt, closed);
    return new AttemptSteps.Outcome(new RoundStep(next, effects), aborted);
  }

  private static RoundEffect reached(AggregationState aggregation, int sites) {
    return new RoundEffect.Report(
        new JobEventValue.StageReached(
            aggregation.attempt(), workStage(aggregation.stage()), sites));
  }

  private RoundState next(Attendance attendance, Attempt attempt, Optional<AdoptionProof> closed) {
    if (closed.isPresent()) {
      return new RoundState.Published(plan, attendance, attempt.id(), closed.get().nextModelHash());
    }
    if (attempt.aggregation().stage() == AggregationStage.RESULT) {
      return new RoundState.Verifying(plan, attendance, attempt);
    }
    return attempt.aggregation() instanceof AggregationState.Unmasking
        ? new RoundState.Applying(plan, attendance, attempt)
        : new RoundState.Aggregating(plan, attendance, attempt);
  }

  private List<RoundEffect> published(Attendance attendance, Attempt attempt, AdoptionProof proof) {
    List<RoundEffect> effects = new ArrayList<>();
    effects.add(
        new RoundEffect.Publish(
            attempt.id(),
            attempt.cohort().counted(),
            attempt.metrics(),
            proof,
            attempt.aggregation().transcript().orElseThrow()));
    WorkPosition position = plan.position(attempt.id(), WorkStage.ATTEMPT_CLOSED);
    for (Fingerprint member : attendance.members().keySet()) {
      effects.add(
          new RoundEffect.Assign(
              member, position, new WorkContent.AttemptClosed(Optional.empty()), Optional.empty()));
    }
    return effects;
  }

  /** U3 stands in M6. */
  private Attempt.Cohort counted(AggregationStep step) {
    for (AggregationEffect effect : step.effects()) {
      if (effect instanceof AggregationEffect.Send(Fingerprint to, ToSite.Survivors survivors)) {
        return new Attempt.Cohort(
            cohort.roster(), survivors.survivors().stream().map(ToSite.Survivor::site).toList());
      }
    }
    return cohort;
  }

  private static List<RoundEffect> uploads(AggregationState aggregation, Attempt.Cohort counted) {
    return switch (aggregation.stage()) {
      case SHARES ->
          List.of(
              new RoundEffect.AcceptUploads(
                  aggregation.attempt(), aggregation.context(), aggregation.present()));
      case SURVIVORS ->
          List.of(
              new RoundEffect.StopUploads(aggregation.attempt(), Set.copyOf(counted.counted())));
      case START, ROSTER, QUORUM, RESULT, CLOSED -> List.of();
    };
  }

  private RoundEffect assign(
      Attendance attendance,
      Fingerprint to,
      ToSite message,
      AttemptId attempt,
      Optional<Instant> answerBy) {
    WorkContent content =
        switch (message) {
          case ToSite.RoundStart start -> {
            List<Bytes> certificates =
                cohort.roster().stream()
                    .map(site -> attendance.keyOf(site).certificateDer())
                    .toList();
            yield new WorkContent.Start(start.modelHash(), certificates);
          }
          case ToSite.Roster roster -> new WorkContent.Step(roster);
          case ToSite.SharesFor shares -> new WorkContent.Step(shares);
          case ToSite.Survivors survivors -> new WorkContent.Step(survivors);
          case ToSite.Quorum quorum -> new WorkContent.Step(quorum);
          case ToSite.Result result -> new WorkContent.Step(result);
        };
    return new RoundEffect.Assign(to, plan.position(attempt, content.stage()), content, answerBy);
  }

  private List<RoundEffect> dropped(AttemptId attempt, Fingerprint site, DropReason reason) {
    return List.of(
        new RoundEffect.Dismiss(site),
        new RoundEffect.Report(
            new JobEventValue.SiteLeft(
                attempt, plan.siteOf(site), new JobEventValue.LeaveReason.Dropped(reason))));
  }

  private RoundEffect disputed(AttemptId attempt, AggregationEffect.Dispute dispute) {
    return new RoundEffect.Report(
        new JobEventValue.ShareRefused(
            attempt,
            plan.siteOf(dispute.holder()),
            plan.siteOf(dispute.dealer()),
            dispute.reason()));
  }

  private RoundEffect convicted(AttemptId attempt, Fingerprint dealer) {
    return new RoundEffect.Report(new JobEventValue.DealerConvicted(attempt, plan.siteOf(dealer)));
  }

  private Optional<Instant> answerBy(AggregationStage stage) {
    StepDeadlines deadlines = plan.deadlines();
    return switch (stage) {
      case START -> Optional.of(now.plusSeconds(deadlines.advertiseSeconds()));
      case ROSTER -> Optional.of(now.plusSeconds(deadlines.shareSeconds()));
      case SHARES -> Optional.of(now.plusSeconds(deadlines.uploadSeconds()));
      case SURVIVORS -> Optional.of(now.plusSeconds(deadlines.confirmSeconds()));
      case QUORUM -> Optional.of(now.plusSeconds(deadlines.releaseSeconds()));
      case RESULT -> Optional.of(now.plusSeconds(deadlines.verdictSeconds()));
      case CLOSED -> Optional.empty();
    };
  }

  private static WorkStage workStage(AggregationStage stage) {
    return switch (stage) {
      case START -> WorkStage.START;
      case ROSTER -> WorkStage.ROSTER;
      case SHARES -> WorkStage.SHARES;
      case SURVIVORS -> WorkStage.SURVIVORS;
      case QUORUM -> WorkStage.QUORUM;
      case RESULT -> WorkStage.RESULT;
      case CLOSED -> WorkStage.ATTEMPT_CLOSED;
    };
  }
}
