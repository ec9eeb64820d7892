package org.hanse.client.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.hanse.client.policy.PlannedJob;
import org.hanse.client.policy.PolicyDecision;
import org.hanse.client.policy.PolicyDecision.Rule;
import org.hanse.client.session.SessionEffect.AnnounceApprovalMissing;
import org.hanse.client.session.SessionEffect.AnnounceRound;
import org.hanse.client.session.SessionEffect.AnnounceSpent;
import org.hanse.client.session.SessionEffect.CloseRound;
import org.hanse.client.session.SessionEffect.Consider;
import org.hanse.client.session.SessionEffect.Decline;
import org.hanse.client.session.SessionEffect.EndJob;
import org.hanse.client.session.SessionEffect.Feed;
import org.hanse.client.session.SessionEffect.OpenAttempt;
import org.hanse.client.session.SessionEffect.ReportReady;
import org.hanse.client.session.SessionEffect.StopAttempt;
import org.hanse.client.session.SessionEffect.Train;
import org.hanse.client.session.SessionEffect.TrustModel;
import org.hanse.client.session.SessionEffect.Withdraw;
import org.hanse.client.session.SessionState.AwaitingApproval;
import org.hanse.client.session.SessionState.BeforeRelease;
import org.hanse.client.session.SessionState.Considering;
import org.hanse.client.session.SessionState.Ended;
import org.hanse.client.session.SessionState.InAttempt;
import org.hanse.client.session.SessionState.Training;
import org.hanse.client.session.SessionState.Waiting;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;

/**
 * A site's session in one job: event in, next state and effects out. Stateless. What the
 * coordinator offers is an input: whether the site follows is decided by policy, manifest and the
 * journal.
 */
public final class SessionMachine {
  private final ModelTrust trust;

  /**
   * @param trust decides which model a round may start from
   */
  public SessionMachine(ModelTrust trust) {
    this.trust = trust;
  }

  /** One event. */
  public SessionStep handle(SessionState state, SiteMemory memory, SessionEvent event) {
    if (state instanceof Ended) {
      return SessionStep.to(state);
    }
    return switch (event) {
      case SessionEvent.Offered offered -> offered(state, memory, offered.work());
      case SessionEvent.Allowed allowed -> allowed(state, memory, allowed.job());
      case SessionEvent.Refused refused -> refused(state, refused.decision());
      case SessionEvent.PolicyMayHaveChanged changed -> policyMayHaveChanged(state);
      case SessionEvent.UpdateSaved saved ->
          SessionStep.to(new Waiting(), new ReportReady(saved.round()));
      case SessionEvent.TrainingFailed failed ->
          SessionStep.to(
              new Waiting(), new Decline(failed.round(), failed.reason(), failed.explanation()));
      case SessionEvent.AttemptEnded ended -> attemptEnded(state, memory, ended);
      case SessionEvent.DeadlinePassed passed -> deadlinePassed(state);
    };
  }

  private static SessionStep offered(SessionState state, SiteMemory memory, Work work) {
    return switch (work.content()) {
      case WorkContent.Train task -> {
        List<SessionEffect> effects = new ArrayList<>(superseded(state));
        memory.openRounds().stream()
            .filter(round -> round.round() < work.attempt().round().round())
            .forEach(round -> effects.addAll(superseded(memory, round, task)));
        effects.add(new Consider(work.attempt().round(), Optional.of(task.planHash())));
        yield new SessionStep(new Considering(work, false), effects);
      }
      case WorkContent.Start start -> {
        List<SessionEffect> effects = new ArrayList<>(superseded(state));
        effects.add(new Consider(work.attempt().round(), Optional.empty()));
        yield new SessionStep(new Considering(work, false), effects);
      }
      case WorkContent.Step step -> message(state, memory, work, step.message());
      case WorkContent.JobPaused paused ->
          new SessionStep(
              new Waiting(),
              Stream.concat(
                      superseded(state).stream(),
                      Stream.of(
                          new SessionEffect.AnnouncePaused(work.position().job(), paused.reason())))
                  .toList());
      case WorkContent.AttemptClosed closed -> attemptClosed(state, memory, work, closed);
      case WorkContent.JobEnded ended -> {
        List<SessionEffect> effects = new ArrayList<>(superseded(state));
        for (RoundId round : memory.openRounds()) {
          effects.add(new CloseRound(round));
          if (memory.released(round) && ended.reason().isPresent()) {
            effects.add(new AnnounceSpent(round, ended.reason()));
          }
        }
        effects.add(new EndJob(ended));
        yield new SessionStep(new Ended(), effects);
      }
    };
  }

  private static SessionStep message(
      SessionState state, SiteMemory memory, Work work, ToSite message) {
    if (!(state instanceof InAttempt in && in.attempt().equals(work.attempt()))) {
      // Its secrets are gone, with a restart or a withdrawal: nobody should wait for this site.
      SiteRefusal reason =
          memory.joined(work.attempt())
              ? SiteRefusal.ATTEMPT_ALREADY_JOINED
              : SiteRefusal.UNEXPECTED_MESSAGE;
      List<SessionEffect> effects = new ArrayList<>(superseded(state));
      effects.add(new Withdraw(work.attempt(), reason));
      return new SessionStep(new Waiting(), effects);
    }
    return message instanceof ToSite.Quorum
        ? SessionStep.to(
            new BeforeRelease(in.attempt(), work),
            new Consider(in.attempt().round(), Optional.empty()))
        : SessionStep.to(state, new Feed(message));
  }

  private static SessionStep attemptClosed(
      SessionState state, SiteMemory memory, Work work, WorkContent.AttemptClosed closed) {
    RoundId round = work.attempt().round();
    List<SessionEffect> effects = new ArrayList<>(superseded(state));
    boolean over = closed.published() || memory.released(round);
    if (over && memory.update(round).isPresent() && !memory.closed(round)) {
      effects.add(new CloseRound(round));
      if (!closed.published()) {
        effects.add(new AnnounceSpent(round, closed.failure()));
      }
    }
    return new SessionStep(new Waiting(), effects);
  }

  /** An earlier round that is still open: a later one from the same model says how it ended. */
  private static List<SessionEffect> superseded(
      SiteMemory memory, RoundId round, WorkContent.Train later) {
    boolean sameModel =
        memory
            .update(round)
            .filter(update -> update.trained().baseModel().equals(later.modelHash()))
            .isPresent();
    return memory.released(round) && sameModel
        ? List.of(new CloseRound(round), new AnnounceSpent(round, Optional.empty()))
        : List.of(new CloseRound(round));
  }

  private SessionStep allowed(SessionState state, SiteMemory memory, PlannedJob job) {
    return switch (state) {
      case Considering considering
          when considering.work().content() instanceof WorkContent.Train t ->
          train(considering.work().attempt().round(), t, memory, job);
      case Considering considering
          when considering.work().content() instanceof WorkContent.Start s ->
          open(considering.work(), s, memory, job);
      case BeforeRelease before ->
          SessionStep.to(
              new InAttempt(before.attempt()),
              new Feed(((WorkContent.Step) before.quorum().content()).message()));
      case Considering considering -> throw unexpected(state);
      case Waiting waiting -> throw unexpected(state);
      case AwaitingApproval awaiting -> throw unexpected(state);
      case Training training -> throw unexpected(state);
      case InAttempt in -> throw unexpected(state);
      case Ended ended -> throw unexpected(state);
    };
  }

  private SessionStep train(
      RoundId round, WorkContent.Train task, SiteMemory memory, PlannedJob job) {
    Optional<SiteRecord.UpdateSaved> saved = memory.update(round);
    if (memory.released(round) || memory.closed(round)) {
      return decline(round, DeclineReason.POLICY, "this site is done with " + round);
    }
    if (saved.isPresent()) {
      SiteRecord.Origin trained = saved.get().trained();
      if (!trained.plan().equals(job.planHash())) {
        return decline(
            round, DeclineReason.POLICY, "this site has trained for another plan in " + round);
      }
      return trained.baseModel().equals(task.modelHash())
          ? SessionStep.to(new Waiting(), new ReportReady(round))
          : decline(
              round, DeclineReason.MODEL, "this site has trained on another model in " + round);
    }
    int maxReleases = job.manifest().aggregation().retries().maxReleasesPerModel();
    if (memory.releasesOn(task.modelHash()) >= maxReleases) {
      return decline(
          round,
          DeclineReason.MODEL_RELEASED_TOO_OFTEN,
          "this site has released " + maxReleases + " times on model " + task.modelHash());
    }
    return switch (trust.decide(memory, job, round, task)) {
      case ModelTrust.Known known ->
          SessionStep.to(new Training(round, task.modelHash()), new Train(round, task.modelHash()));
      case ModelTrust.Adopted adopted ->
          SessionStep.to(
              new Training(round, task.modelHash()),
              new TrustModel(adopted.producedBy(), task.modelHash()),
              new Train(round, task.modelHash()));
      case ModelTrust.Untrusted untrusted ->
          decline(round, DeclineReason.MODEL, untrusted.explanation());
    };
  }

  private static SessionStep open(
      Work work, WorkContent.Start start, SiteMemory memory, PlannedJob job) {
    RoundId round = work.attempt().round();
    Optional<SiteRecord.UpdateSaved> saved = memory.update(round);
    if (memory.released(round) || memory.closed(round)) {
      return withdraw(work.attempt(), SiteRefusal.ROUND_ALREADY_RELEASED);
    }
    return saved
        .filter(update -> update.trained().plan().equals(job.planHash()))
        .map(update ->
            SessionStep.to(new InAttempt(work.attempt()), new OpenAttempt(work, start, update)))
        .orElseGet(() -> withdraw(work.attempt(), SiteRefusal.UPDATE_INVALID));
  }

  private static SessionStep refused(SessionState state, PolicyDecision.Refused decision) {
    return switch (state) {
      case Considering considering when considering.work().content() instanceof WorkContent.Train ->
          refusedTask(considering, decision);
      case Considering considering ->
          withdraw(considering.work().attempt(), SiteRefusal.POLICY_FORBIDS);
      case BeforeRelease before ->
          SessionStep.to(
              new Waiting(),
              new StopAttempt(SiteRefusal.POLICY_FORBIDS),
              new Withdraw(before.attempt(), SiteRefusal.POLICY_FORBIDS));
      case Waiting waiting -> throw unexpected(state);
      case AwaitingApproval awaiting -> throw unexpected(state);
      case Training training -> throw unexpected(state);
      case InAttempt in -> throw unexpected(state);
      case Ended ended -> throw unexpected(state);
    };
  }

  private static SessionStep refusedTask(Considering considering, PolicyDecision.Refused decision) {
    RoundId round = considering.work().attempt().round();
    if (decision.onlyApprovalMissing()) {
      SessionState awaiting = new AwaitingApproval(considering.work());
      return considering.announced()
          ? SessionStep.to(awaiting)
          : SessionStep.to(awaiting, new AnnounceApprovalMissing(round));
    }
    return decline(round, reason(decision), decision.explanation());
  }

  private static DeclineReason reason(PolicyDecision.Refused decision) {
    if (decision.isOnly(Rule.NO_DATASET)) {
      return DeclineReason.DATA;
    }
    return decision.isOnly(Rule.DRAINING) ? DeclineReason.DRAINING : DeclineReason.POLICY;
  }

  private static SessionStep policyMayHaveChanged(SessionState state) {
    return state instanceof AwaitingApproval awaiting
        ? SessionStep.to(
            new Considering(awaiting.work(), true),
            new Consider(
                awaiting.work().attempt().round(),
                Optional.of(((WorkContent.Train) awaiting.work().content()).planHash())))
        : SessionStep.to(state);
  }

  private static SessionStep attemptEnded(
      SessionState state, SiteMemory memory, SessionEvent.AttemptEnded ended) {
    if (!(state instanceof InAttempt in && in.attempt().equals(ended.attempt()))) {
      return SessionStep.to(state);
    }
    RoundId round = ended.attempt().round();
    List<SessionEffect> effects = new ArrayList<>();
    ended.nextModel().ifPresent(model -> effects.add(new TrustModel(round, model)));
    if (memory.released(round) && !memory.closed(round)) {
      effects.add(new CloseRound(round));
    }
    if (memory.released(round) && ended.nextModel().isEmpty()) {
      effects.add(new AnnounceSpent(round, Optional.empty()));
    }
    ended.nextModel().ifPresent(model -> effects.add(new AnnounceRound(round, model)));
    return new SessionStep(new Waiting(), effects);
  }

  private static SessionStep deadlinePassed(SessionState state) {
    return switch (state) {
      case AwaitingApproval awaiting ->
          decline(
              awaiting.work().attempt().round(),
              DeclineReason.NOT_APPROVED,
              "the steward did not approve the manifest in time");
      case InAttempt in -> expired(in.attempt());
      case BeforeRelease before -> expired(before.attempt());
      case Waiting waiting -> SessionStep.to(state);
      case Considering considering -> SessionStep.to(new Waiting());
      case Training training -> SessionStep.to(state);
      case Ended ended -> SessionStep.to(state);
    };
  }

  private static SessionStep expired(AttemptId attempt) {
    return SessionStep.to(
        new Waiting(),
        new StopAttempt(SiteRefusal.DEADLINE_PASSED),
        new Withdraw(attempt, SiteRefusal.DEADLINE_PASSED));
  }

  /** What ends an attempt that something newer has come up in place of. */
  private static List<SessionEffect> superseded(SessionState state) {
    return state instanceof InAttempt || state instanceof BeforeRelease
        ? List.of(new StopAttempt(SiteRefusal.UNEXPECTED_MESSAGE))
        : List.of();
  }

  private static SessionStep decline(RoundId round, DeclineReason reason, String explanation) {
    return SessionStep.to(new Waiting(), new Decline(round, reason, explanation));
  }

  private static SessionStep withdraw(AttemptId attempt, SiteRefusal reason) {
    return SessionStep.to(new Waiting(), new Withdraw(attempt, reason));
  }

  private static IllegalStateException unexpected(SessionState state) {
    return new IllegalStateException("no decision was asked for in " + state);
  }
}
