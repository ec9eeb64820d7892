package org.hanse.client.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hanse.client.policy.PlannedJob;
import org.hanse.client.policy.PolicyDecision;
import org.hanse.client.policy.PolicyDecision.Rule;
import org.hanse.client.policy.SitePolicy;
import org.hanse.client.session.ModelTrust;
import org.hanse.client.session.SessionEffect;
import org.hanse.client.session.SessionEvent;
import org.hanse.client.session.SessionMachine;
import org.hanse.client.session.SessionState;
import org.hanse.client.session.SessionStep;
import org.hanse.client.session.SiteRecord;
import org.hanse.client.session.StageTimes;
import org.hanse.client.storage.DamagedFileException;
import org.hanse.client.update.RoundEncoder;
import org.hanse.core.encode.EncodedUpdate;
import org.hanse.core.encode.EncodingResult;
import org.hanse.core.encode.LocalUpdate;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.site.CohortFloor;
import org.hanse.core.secagg.site.JournalEntry;
import org.hanse.core.secagg.site.SiteInput;
import org.hanse.core.secagg.site.SiteMachine;
import org.hanse.core.vector.FloatVector;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.RoundReport;
import org.hanse.wire.value.TrainingReport;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One job at this site: takes the newest work item, lets the session decide and does what follows.
 * One thread runs it; {@link #offer} may be called from another.
 */
final class JobRunner {
  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

  /** How often a policy is looked at while a job waits for approval. */
  private static final Duration POLICY_LOOK = Duration.ofSeconds(1);

  /** How long a word that nothing depends on is worth repeating. */
  private static final Duration COURTESY = Duration.ofSeconds(10);

  private static final PolicyDecision.Refused DRAINING =
      new PolicyDecision.Refused(
          List.of(new PolicyDecision.Reason(Rule.DRAINING, "this site begins no round any more")));

  private final JobId job;
  private final Shared shared;
  private final JobApproval approval;
  private final SessionMachine machine = new SessionMachine(new ModelTrust());
  private final Mailbox mailbox;
  private SessionState state = new SessionState.Waiting();
  private Optional<AttemptRunner> attempt = Optional.empty();

  /** The item under way. */
  private Optional<Mailbox.Item> item = Optional.empty();

  /** What all jobs of a site share. */
  record Shared(
      Site site,
      SiteStores stores,
      AgentPorts ports,
      CoordinatorLink link,
      TrainingRoom trainingRoom,
      Drain drain) {}

  JobRunner(JobId job, Shared shared) {
    this.job = job;
    this.shared = shared;
    this.mailbox = new Mailbox(shared.ports().threads());
    this.approval = new JobApproval(job, shared.site(), shared.link());
  }

  /** Newer work than anything before. */
  void offer(Work work) {
    mailbox.put(work);
  }

  /**
   * Runs until the job ends or the thread is interrupted; leaves no secret of an attempt behind.
   */
  void run() throws IOException, InterruptedException {
    try {
      while (!(state instanceof SessionState.Ended)) {
        handle(nextEvent());
        shared.drain().standing(job, inRound());
      }
    } finally {
      shared.drain().standing(job, false);
      stopAttempt(SiteRefusal.DEADLINE_PASSED);
    }
  }

  /** At work for one, or its update waits for the others'. A job that stands still has none. */
  private boolean inRound() {
    return state.atWork()
        || !mailbox.isEmpty()
        || (item.filter(taken -> taken.work().content() instanceof WorkContent.JobPaused).isEmpty()
            && !shared.stores().memory(job).openRounds().isEmpty());
  }

  private SessionEvent nextEvent() throws InterruptedException {
    Patience patience = stateTime();
    boolean awaitsApproval = state instanceof SessionState.AwaitingApproval;
    Duration wait = patience.remaining();
    if (awaitsApproval && wait.compareTo(POLICY_LOOK) > 0) {
      wait = POLICY_LOOK;
    }
    Optional<Mailbox.Item> taken = mailbox.take(wait);
    if (taken.isPresent()) {
      item = taken;
      return new SessionEvent.Offered(taken.get().work());
    }
    return awaitsApproval && !patience.isTimeUp()
        ? new SessionEvent.PolicyMayHaveChanged()
        : new SessionEvent.DeadlinePassed();
  }

  /** How long the session may stay as it is. */
  private Patience stateTime() {
    return switch (state) {
      case SessionState.Waiting waiting -> Patience.unlimited(shared.ports().threads());
      case SessionState.Ended ended -> Patience.unlimited(shared.ports().threads());
      case SessionState.Considering considering -> answerTime();
      case SessionState.AwaitingApproval awaiting -> answerTime();
      case SessionState.Training training -> answerTime();
      case SessionState.InAttempt in -> nextItemTime();
      case SessionState.BeforeRelease before -> nextItemTime();
    };
  }

  /** The time for this site's answer to the item under way: the manifest's, or less. */
  private Patience answerTime() {
    Work work = item.orElseThrow().work();
    long seconds =
        approval
            .plan()
            .map(plan -> stageTimes(plan).answerSeconds(work.position().stage()))
            .filter(limit -> limit < work.deadlineSeconds())
            .orElse(work.deadlineSeconds());
    return item.orElseThrow().within(seconds);
  }

  /** The time for this site's answer, over as soon as there is something newer. */
  private Patience answerTimeUnlessNewer() {
    return answerTime().unless(() -> !mailbox.isEmpty());
  }

  /** The time until the next item must have come, once this site has answered. */
  private Patience nextItemTime() {
    Mailbox.Item current = item.orElseThrow();
    return current.within(
        stageTimes(approval.plan().orElseThrow())
            .patienceSeconds(current.work().position().stage()));
  }

  private static StageTimes stageTimes(PlannedJob plan) {
    return new StageTimes(plan.manifest().aggregation().deadlines());
  }

  private void handle(SessionEvent first) throws InterruptedException, IOException {
    Deque<SessionEvent> pending = new ArrayDeque<>();
    pending.add(first);
    while (!pending.isEmpty()) {
      SessionStep step = machine.handle(state, shared.stores().memory(job), pending.remove());
      state = step.next();
      for (SessionEffect effect : step.effects()) {
        perform(effect).ifPresent(pending::add);
      }
    }
  }

  private Optional<SessionEvent> perform(SessionEffect effect)
      throws InterruptedException, IOException {
    switch (effect) {
      case SessionEffect.Consider(RoundId round, Optional<Hash> namedPlan) -> {
        return consider(round, namedPlan);
      }
      case SessionEffect.Train(RoundId round, Hash model) -> {
        return train(round, model);
      }
      case SessionEffect.OpenAttempt open -> {
        return openAttempt(open);
      }
      case SessionEffect.Feed(ToSite message) -> {
        return feed(attempt.orElseThrow(), new SiteInput.Received(message));
      }
      case SessionEffect.AnnounceApprovalMissing missing ->
          shared.ports().events().awaitingApproval(job, approval.plan().orElseThrow().planHash());
      case SessionEffect.ReportReady(RoundId round) ->
          report(new RoundReport(round, new TrainingReport.Ready()));
      case SessionEffect.Decline(RoundId round, DeclineReason reason, String explanation) -> {
        shared.ports().events().refused(round, reason.name(), explanation);
        report(new RoundReport(round, new TrainingReport.Declined(reason)));
      }
      case SessionEffect.StopAttempt(SiteRefusal reason) -> stopAttempt(reason);
      case SessionEffect.Withdraw(AttemptId id, SiteRefusal reason) -> {
        shared.ports().events().refused(id.round(), reason.name(), "attempt " + id);
        withdraw(id, reason);
      }
      case SessionEffect.TrustModel(RoundId round, Hash model) -> {
        SiteRecord.ModelTrusted trusted = new SiteRecord.ModelTrusted(round, model);
        if (!shared.stores().memory(job).trusted().equals(Optional.of(trusted))) {
          shared.stores().remember(trusted);
        }
        shared.stores().models().retain(job, Set.of(model));
      }
      case SessionEffect.CloseRound(RoundId round) ->
          shared.stores().remember(new SiteRecord.Protocol(new JournalEntry.Closed(round)));
      case SessionEffect.AnnounceRound(RoundId round, Hash model) ->
          shared.ports().events().roundClosed(round, model);
      case SessionEffect.AnnounceSpent(RoundId round, Optional<AbortReason> reason) ->
          shared.ports().events().roundSpent(round, reason);
      case SessionEffect.AnnouncePaused(JobId paused, Optional<AbortReason> reason) ->
          shared.ports().events().jobPaused(paused, reason);
      case SessionEffect.EndJob(WorkContent.JobEnded how) -> endJob(how);
    }
    return Optional.empty();
  }

  private Optional<SessionEvent> consider(RoundId round, Optional<Hash> namedPlan)
      throws InterruptedException, IOException {
    if (shared.drain().requested() && shared.stores().memory(job).update(round).isEmpty()) {
      return Optional.of(new SessionEvent.Refused(DRAINING));
    }
    try {
      return Optional.of(
          switch (approval.decide(round, namedPlan, answerTimeUnlessNewer())) {
            case PolicyDecision.Allowed allowed ->
                new SessionEvent.Allowed(approval.plan().orElseThrow());
            case PolicyDecision.Refused refused -> new SessionEvent.Refused(refused);
          });
    } catch (GaveUpException e) {
      LOG.warn("{}: the manifest could not be read: {}", round, e.getMessage());
      return Optional.empty(); // the next item starts afresh
    }
  }

  private Optional<SessionEvent> train(RoundId round, Hash modelHash)
      throws InterruptedException, IOException {
    PlannedJob plan = approval.plan().orElseThrow();
    VectorTransfers transfers = new VectorTransfers(shared.link(), shared.stores());
    Optional<FloatVector> model;
    try {
      model =
          transfers.model(
              job, modelHash, plan.manifest().layout().parameterCount(), answerTimeUnlessNewer());
    } catch (CoordinatorException | GaveUpException e) {
      return failed(round, DeclineReason.MODEL, "the model did not come: " + e.getMessage());
    }
    if (model.isEmpty()) {
      return failed(
          round, DeclineReason.MODEL, "the model that came does not have the hash " + modelHash);
    }
    shared.ports().events().training(round);
    return switch (shared.trainingRoom().train(plan, round, model.get(), answerTimeUnlessNewer())) {
      case TrainingRoom.Result.Superseded superseded -> Optional.empty(); // what is newer decides
      case TrainingRoom.Result.Failure(DeclineReason reason, String explanation) ->
          failed(round, reason, explanation);
      case TrainingRoom.Result.Update(LocalUpdate update) -> {
        Hash saved = shared.stores().updates().save(round, update);
        shared
            .stores()
            .remember(
                new SiteRecord.UpdateSaved(
                    round, new SiteRecord.Origin(plan.planHash(), modelHash), saved));
        shared.ports().events().trained(round, update.exampleCount());
        yield Optional.of(new SessionEvent.UpdateSaved(round));
      }
    };
  }

  private static Optional<SessionEvent> failed(
      RoundId round, DeclineReason reason, String explanation) {
    return Optional.of(new SessionEvent.TrainingFailed(round, reason, explanation));
  }

  private void report(RoundReport report) throws InterruptedException, IOException {
    try {
      shared.link().send(answerTimeUnlessNewer(), coordinator -> coordinator.report(report));
    } catch (CoordinatorException | GaveUpException e) {
      LOG.warn("{}: the coordinator did not take the report: {}", report.round(), e.getMessage());
    }
  }

  private Optional<SessionEvent> openAttempt(SessionEffect.OpenAttempt open)
      throws InterruptedException, IOException {
    AttemptId id = open.work().attempt();
    PlannedJob plan = approval.plan().orElseThrow();
    Optional<List<RosterEntry>> roster =
        shared
            .ports()
            .rosterChecker()
            .check(open.start().certificates(), plan.manifest().consortium());
    if (roster.isEmpty()) {
      return cannotJoin(id, SiteRefusal.ROSTER_INVALID, "a certificate of the roster is not valid");
    }
    Optional<EncodedUpdate> update = encodedUpdate(id.round(), open.update());
    if (update.isEmpty()) {
      return cannotJoin(id, SiteRefusal.UPDATE_INVALID, "the saved update cannot be used");
    }
    SitePolicy policy = shared.site().policy().get();
    SiteMachine protocol =
        new SiteMachine(
            plan.manifest(),
            plan.planHash(),
            shared.site().keys().signingKey(),
            new CohortFloor(policy.minimumCohort(), policy.requiredPeers()));
    AttemptRunner opened =
        new AttemptRunner(
            new AttemptRunner.Attempt(id, plan, open.update().trained().baseModel(), update.get()),
            protocol,
            shared.stores(),
            shared.link(),
            shared.ports());
    attempt = Optional.of(opened);
    shared.ports().events().aggregating(id.round(), id.attempt());
    return feed(
        opened,
        new SiteInput.Start(
            open.start().verified(id, roster.get()),
            shared.stores().memory(job).history(),
            open.update().trained().baseModel(),
            open.update().update(),
            shared.ports().entropy().get()));
  }

  private Optional<EncodedUpdate> encodedUpdate(RoundId round, SiteRecord.UpdateSaved saved)
      throws IOException {
    LocalUpdate update;
    try {
      update = shared.stores().updates().load(round, saved.update());
    } catch (DamagedFileException e) {
      LOG.error("{}: {}; this site sits the round out", round, e.getMessage());
      return Optional.empty();
    }
    RoundEncoder encoder =
        new RoundEncoder(
            approval.plan().orElseThrow(),
            shared.site().keys().signingKey().fingerprint(),
            shared.site().keys().siteSecret());
    return switch (encoder.encode(round, saved.trained().baseModel(), update)) {
      case EncodingResult.Encoded(EncodedUpdate encoded) -> Optional.of(encoded);
      case EncodingResult.Refused(EncodingResult.Reason reason) -> {
        LOG.error("{}: the update cannot be encoded: {}", round, reason);
        yield Optional.empty();
      }
    };
  }

  private Optional<SessionEvent> cannotJoin(AttemptId id, SiteRefusal reason, String explanation)
      throws InterruptedException, IOException {
    shared.ports().events().refused(id.round(), reason.name(), explanation);
    withdraw(id, reason);
    return Optional.of(new SessionEvent.AttemptEnded(id, Optional.empty()));
  }

  private Optional<SessionEvent> feed(AttemptRunner running, SiteInput input)
      throws InterruptedException, IOException {
    running.run(input, answerTimeUnlessNewer());
    if (!running.isOver()) {
      return Optional.empty();
    }
    attempt = Optional.empty();
    return Optional.of(new SessionEvent.AttemptEnded(running.id(), running.nextModel()));
  }

  private void stopAttempt(SiteRefusal reason) throws IOException {
    if (attempt.isPresent()) {
      attempt.get().stop(reason);
      attempt = Optional.empty();
    }
  }

  /** Nothing here depends on this word's arrival. */
  private void withdraw(AttemptId id, SiteRefusal reason) throws InterruptedException, IOException {
    try {
      shared
          .link()
          .send(
              Patience.of(shared.ports().threads(), COURTESY).unless(() -> !mailbox.isEmpty()),
              c -> c.send(new AttemptMessage(id, new FromSite.Withdrawal(reason))));
    } catch (CoordinatorException | GaveUpException e) {
      LOG.info("{}: withdrawal not taken: {}", id, e.getMessage());
    }
  }

  private void endJob(WorkContent.JobEnded how) throws IOException {
    approval
        .plan()
        .ifPresent(plan -> shared.trainingRoom().forget(plan.manifest().training().data()));
    shared.stores().models().retain(job, Set.of());
    shared.ports().events().jobEnded(job, how.state(), how.reason());
  }
}
