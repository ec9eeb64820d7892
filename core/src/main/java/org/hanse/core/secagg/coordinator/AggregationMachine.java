package org.hanse.core.secagg.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.Contexts;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.JobTerms;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;

/**
 * The coordinator's side of FLSA1: event in, next state and effects out. Stateless.
 *
 * <p>Advertising -> Sharing -> Uploading -> Confirming -> Releasing -> Unmasking -> Verifying ->
 * Closed; any -> Aborted. A step ends when everybody still in it has answered or left; whoever has
 * not answered at its deadline is left out. Every choice that sites are told of is persisted first.
 */
public final class AggregationMachine {
  private final JobTerms terms;
  private final AggregationSteps steps;

  /**
   * A machine for one job.
   *
   * @param planHash {@link Contexts#planHash} over the manifest's exact bytes
   * @param signingKey the coordinator's, whose fingerprint the manifest pins
   * @throws IllegalArgumentException if the manifest pins another key
   */
  public AggregationMachine(JobManifest manifest, Hash planHash, SigningKey signingKey) {
    if (!manifest.consortium().coordinator().equals(signingKey.fingerprint())) {
      throw new IllegalArgumentException(
          "the manifest names another coordinator than " + signingKey.fingerprint());
    }
    this.terms = new JobTerms(manifest, planHash);
    this.steps = new AggregationSteps(terms, signingKey);
  }

  /**
   * Opens an attempt.
   *
   * @param roster R: the sites that are ready and have not released in this round, ascending
   * @throws IllegalArgumentException if the manifest does not allow this attempt or roster
   */
  public AggregationStep start(AttemptId attempt, Hash modelHash, List<RosterEntry> roster) {
    ToSite.RoundStart start = new ToSite.RoundStart(attempt, modelHash, roster);
    AggregationRules.roster(terms, start)
        .ifPresent(fault -> {
          throw new IllegalArgumentException(fault.detail());
        });
    AttemptContext context = AttemptContext.of(terms, start);
    Set<Fingerprint> all = Set.copyOf(roster.stream().map(RosterEntry::site).toList());
    return AggregationSteps.announce(
        new AggregationState.Advertising(new Progress(context, all, Answers.NONE)));
  }

  /** One event. Whatever a site sent, this returns. */
  public AggregationStep handle(AggregationState state, AggregationEvent event) {
    return switch (event) {
      case AggregationEvent.Received(Fingerprint from, FromSite message) ->
          received(state, from, message);
      case AggregationEvent.Gone(Fingerprint site) ->
          leave(state, site, new Fault(DropReason.GONE, "no call any more"), List.of());
      case AggregationEvent.StepExpired() -> expired(state);
      case AggregationEvent.Unmasked unmasked ->
          state instanceof AggregationState.Unmasking unmasking
              ? steps.publish(unmasking, unmasked)
              : unchanged(state);
      case AggregationEvent.UnmaskFailed(AbortReason reason) ->
          state instanceof AggregationState.Unmasking
              ? AggregationSteps.abort(state, reason, "the sum could not be used")
              : unchanged(state);
    };
  }

  private AggregationStep received(AggregationState state, Fingerprint from, FromSite message) {
    Progress progress = state.progress();
    if (!progress.context().holds(from)) {
      return reject(state, from, new Fault(DropReason.NOT_IN_COHORT, "not in the roster"));
    }
    if (message instanceof FromSite.Withdrawal(SiteRefusal reason)) {
      return leave(state, from, new Fault(DropReason.WITHDREW, reason.name()), List.of());
    }
    Optional<? extends FromSite> before = progress.answers().find(message.getClass(), from);
    if (before.isPresent()) {
      return before.get().equals(message)
          ? unchanged(state)
          : reject(state, from, new Fault(DropReason.DIFFERENT_REPEAT, "other content before"));
    }
    Optional<Fault> misplaced = misplaced(state, from, message);
    if (misplaced.isPresent()) {
      return reject(state, from, misplaced.get());
    }
    Optional<Fault> fault = check(state, from, message);
    if (fault.isPresent()) {
      AggregationStep refused = reject(state, from, fault.get());
      // A complaint is about somebody else: one that does not check changes nothing.
      return message instanceof FromSite.Complaint
          ? refused
          : leave(state, from, fault.get(), refused.effects());
    }
    AggregationState taken = AggregationSteps.with(state, progress.with(from, message));
    return message instanceof FromSite.Complaint complaint
        ? AggregationSteps.dispute(taken, from, complaint)
        : steps.advance(taken, List.of());
  }

  /** Whether the message comes too early, too late or from a site that left. */
  private static Optional<Fault> misplaced(
      AggregationState state, Fingerprint from, FromSite message) {
    AggregationStage stage = stageOf(message);
    boolean lateVerdict =
        state instanceof AggregationState.Closed && message instanceof FromSite.Verdict;
    int order = stage.compareTo(state.stage());
    if (order > 0) {
      return Optional.of(new Fault(DropReason.EARLY, "the attempt is at " + state.stage()));
    }
    if ((order < 0 && !lateVerdict) || state instanceof AggregationState.Unmasking) {
      return Optional.of(new Fault(DropReason.LATE, "the attempt is at " + state.stage()));
    }
    return state.present().contains(from)
        ? Optional.empty()
        : Optional.of(new Fault(DropReason.NOT_IN_COHORT, "out of the attempt"));
  }

  /** The stage whose item a message answers. */
  private static AggregationStage stageOf(FromSite message) {
    return switch (message) {
      case FromSite.Advertisement ad -> AggregationStage.START;
      case FromSite.Shares shares -> AggregationStage.ROSTER;
      case FromSite.UploadCommit commit -> AggregationStage.SHARES;
      case FromSite.Complaint complaint -> AggregationStage.SHARES;
      case FromSite.Confirmation confirmation -> AggregationStage.SURVIVORS;
      case FromSite.Release release -> AggregationStage.QUORUM;
      case FromSite.Verdict verdict -> AggregationStage.RESULT;
      case FromSite.Withdrawal withdrawal -> throw new IllegalStateException("no answer");
    };
  }

  private static Optional<Fault> check(AggregationState state, Fingerprint from, FromSite message) {
    Progress progress = state.progress();
    return switch (state) {
      case AggregationState.Advertising s when message instanceof FromSite.Advertisement m ->
          AggregationRules.advertisement(progress, from, m);
      case AggregationState.Sharing s when message instanceof FromSite.Shares m ->
          AggregationRules.shares(progress, s.keys(), from, m);
      case AggregationState.Uploading s when message instanceof FromSite.UploadCommit m ->
          AggregationRules.upload(progress, s.dealers(), from, m);
      case AggregationState.Uploading s when message instanceof FromSite.Complaint m ->
          AggregationRules.complaint(progress, s.dealers(), from, m);
      case AggregationState.Confirming s when message instanceof FromSite.Confirmation m ->
          AggregationRules.confirmation(progress, from, m);
      case AggregationState.Releasing s when message instanceof FromSite.Release m ->
          AggregationRules.release(s, from, m);
      case AggregationState.Verifying s when message instanceof FromSite.Verdict m ->
          AggregationRules.verdict(progress, s.outcome().result(), from, m);
      case AggregationState.Closed s when message instanceof FromSite.Verdict m ->
          AggregationRules.verdict(progress, s.outcome().result(), from, m);
      case AggregationState any ->
          throw new IllegalStateException(message.getClass() + " in state " + any.stage());
    };
  }

  private AggregationStep leave(
      AggregationState state, Fingerprint site, Fault why, List<AggregationEffect> before) {
    if (!state.present().contains(site) || state.stage() == AggregationStage.CLOSED) {
      return new AggregationStep(state, before);
    }
    List<AggregationEffect> effects = new ArrayList<>(before);
    effects.add(new AggregationEffect.Drop(site, why.reason(), why.detail()));
    return steps.advance(AggregationSteps.with(state, state.progress().without(site)), effects);
  }

  private AggregationStep expired(AggregationState state) {
    List<AggregationEffect> effects = new ArrayList<>();
    Progress progress = state.progress();
    for (Fingerprint silent : state.awaited()) {
      effects.add(new AggregationEffect.Drop(silent, DropReason.SILENT, "at " + state.stage()));
      progress = progress.without(silent);
    }
    return steps.advance(AggregationSteps.with(state, progress), effects);
  }

  private static AggregationStep reject(AggregationState state, Fingerprint site, Fault fault) {
    return new AggregationStep(
        state, List.of(new AggregationEffect.Reject(site, fault.reason(), fault.detail())));
  }

  private static AggregationStep unchanged(AggregationState state) {
    return new AggregationStep(state, List.of());
  }
}
