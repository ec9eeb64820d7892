package org.hanse.client.agent;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.hanse.client.policy.PlannedJob;
import org.hanse.client.session.SiteRecord;
import org.hanse.client.storage.ModelStore;
import org.hanse.client.update.NextModel;
import org.hanse.core.encode.EncodedUpdate;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.site.ResultVerifier;
import org.hanse.core.secagg.site.SiteEffect;
import org.hanse.core.secagg.site.SiteInput;
import org.hanse.core.secagg.site.SiteInput.ResultCheck;
import org.hanse.core.secagg.site.SiteMachine;
import org.hanse.core.secagg.site.SiteState;
import org.hanse.core.secagg.site.SiteStep;
import org.hanse.core.secagg.site.UploadMasker;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.FloatVector;
import org.hanse.core.vector.IntChunks;
import org.hanse.wire.value.AttemptMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what the protocol's machine decides in one attempt. For one thread. */
final class AttemptRunner {
  private static final Logger LOG = LoggerFactory.getLogger(AttemptRunner.class);

  private final Attempt attempt;
  private final SiteMachine machine;
  private final SiteStores stores;
  private final CoordinatorLink link;
  private final AgentEvents events;
  private final SumAudit audit;
  private SiteState state = new SiteState.Idle();
  private Optional<Hash> nextModel = Optional.empty();
  private Optional<MaskedUpload> upload = Optional.empty();

  /**
   * What is aggregated.
   *
   * @param baseModel model that the update was trained from
   * @param update x_u
   */
  record Attempt(AttemptId id, PlannedJob job, Hash baseModel, EncodedUpdate update) {}

  AttemptRunner(
      Attempt attempt,
      SiteMachine machine,
      SiteStores stores,
      CoordinatorLink link,
      AgentPorts ports) {
    this.attempt = attempt;
    this.machine = machine;
    this.stores = stores;
    this.link = link;
    this.events = ports.events();
    this.audit = new SumAudit(attempt.id(), link, ports.auditRandom());
  }

  AttemptId id() {
    return attempt.id();
  }

  /** Whether there is nothing more to do in this attempt. */
  boolean isOver() {
    return state.finished();
  }

  /** The model that this site computed from a checked result. */
  Optional<Hash> nextModel() {
    return nextModel;
  }

  /**
   * Hands an input to the machine and does what follows, until it waits for the next message.
   *
   * @param patience the step's time; also over when something newer came up
   */
  void run(SiteInput input, Patience patience) throws InterruptedException, IOException {
    Deque<SiteInput> inputs = new ArrayDeque<>();
    inputs.add(input);
    try {
      while (!inputs.isEmpty()) {
        SiteStep step = machine.handle(state, inputs.remove());
        state = step.next();
        for (SiteEffect effect : step.effects()) {
          perform(effect, patience).ifPresent(inputs::add);
        }
      }
    } catch (CoordinatorException e) {
      LOG.warn("{}: the coordinator goes on without this site: {}", id(), e.getMessage());
      stop(SiteRefusal.UNEXPECTED_MESSAGE);
    } catch (GaveUpException e) {
      LOG.warn("{}: no answer could be given in time: {}", id(), e.getMessage());
      stop(SiteRefusal.DEADLINE_PASSED);
    }
  }

  /** Ends the attempt and erases its secrets; nothing is sent. */
  void stop(SiteRefusal reason) throws IOException {
    upload.ifPresent(MaskedUpload::close);
    SiteStep step = machine.handle(state, new SiteInput.Stop(reason));
    state = step.next();
    for (SiteEffect effect : step.effects()) {
      if (effect instanceof SiteEffect.Refuse refuse) {
        LOG.info("{}: stopped: {}", id(), refuse.reason());
      }
    }
    stores.results().delete(id());
  }

  private Optional<SiteInput> perform(SiteEffect effect, Patience patience)
      throws CoordinatorException, GaveUpException, InterruptedException, IOException {
    return switch (effect) {
      case SiteEffect.Journal(var entry) -> {
        stores.remember(new SiteRecord.Protocol(entry));
        yield Optional.empty();
      }
      case SiteEffect.Send(FromSite.UploadCommit commit) -> {
        commit(commit, patience);
        yield Optional.empty();
      }
      case SiteEffect.Send(FromSite message) -> {
        send(message, patience);
        yield Optional.empty();
      }
      case SiteEffect.MaskAndUpload(UploadMasker masker) ->
          Optional.of(new SiteInput.UploadMasked(mask(masker, patience)));
      case SiteEffect.CheckResult(ResultVerifier verifier, Hash root) ->
          Optional.of(new SiteInput.ResultChecked(check(verifier, patience)));
      case SiteEffect.Refuse(SiteRefusal reason, String detail) -> {
        events.refused(id().round(), reason.name(), detail);
        yield Optional.empty();
      }
    };
  }

  private void send(FromSite message, Patience patience)
      throws CoordinatorException, GaveUpException, InterruptedException, IOException {
    try {
      link.send(patience, c -> c.send(new AttemptMessage(id(), message)));
    } catch (GaveUpException e) {
      // Something newer came up: the coordinator went on, with the message or without it. Only a
      // step that ran out of time is an end.
      if (patience.isTimeUp()) {
        throw e;
      }
    } catch (CoordinatorException e) {
      // A last word that comes too late changes nothing for this site.
      if (!isLast(message)) {
        throw e;
      }
      LOG.info("{}: {}", id(), e.getMessage());
    }
  }

  private static boolean isLast(FromSite message) {
    return message instanceof FromSite.Verdict
        || message instanceof FromSite.Withdrawal
        || message instanceof FromSite.Complaint;
  }

  private SiteInput.UploadSummary mask(UploadMasker masker, Patience patience)
      throws CoordinatorException, GaveUpException, InterruptedException, IOException {
    MaskedUpload started = new MaskedUpload(link, id(), masker, attempt.update(), patience);
    upload = Optional.of(started);
    return started.maskAndSend();
  }

  private void commit(FromSite.UploadCommit commit, Patience patience)
      throws CoordinatorException, GaveUpException, InterruptedException, IOException {
    MaskedUpload started =
        upload.orElseThrow(() -> new IllegalStateException("commit of no upload"));
    try {
      started.finish(commit);
    } catch (GaveUpException e) {
      if (patience.isTimeUp()) {
        throw e;
      }
    }
  }

  /** The tag and the gates, then the audit: whoever fails, the audit tells whose fault it is. */
  private Optional<SiteRefusal> judge(
      ResultVerifier verifier, IntChunks sum, Patience patience, BooleanSupplier newer)
      throws CoordinatorException, GaveUpException, InterruptedException, IOException {
    Optional<SiteRefusal> refusal = verifier.verify(sum);
    boolean tagFailed =
        refusal.equals(Optional.of(SiteRefusal.RESULT_FORGED)) && verifier.isSigned(sum);
    if (verifier.auditChunks() == 0 || (refusal.isPresent() && !tagFailed)) {
      return refusal;
    }
    if (audit.proves(verifier, sum, patience, newer)) {
      return tagFailed ? Optional.of(SiteRefusal.FALSE_TAG) : Optional.empty();
    }
    return tagFailed ? refusal : Optional.of(SiteRefusal.SUM_UNPROVEN);
  }

  /** Fetches the sum, checks it and computes the next model; newer work does not end this. */
  private ResultCheck check(ResultVerifier verifier, Patience patience)
      throws CoordinatorException, GaveUpException, InterruptedException, IOException {
    Patience untilDeadline = patience.unless(() -> false);
    VectorTransfers transfers = new VectorTransfers(link, stores);
    Chunking chunking = UpdateEncoding.of(attempt.job().manifest()).chunking();
    IntChunks sum = transfers.sum(id(), chunking, untilDeadline);
    Optional<SiteRefusal> refusal = judge(verifier, sum, untilDeadline, patience.pointless());
    if (refusal.isPresent()) {
      stores.results().delete(id());
      return new ResultCheck.Bad(refusal.get());
    }
    long parameters = attempt.job().manifest().layout().parameterCount();
    JobId job = id().round().job();
    Optional<FloatVector> base =
        transfers.model(job, attempt.baseModel(), parameters, untilDeadline);
    if (base.isEmpty()) {
      return new ResultCheck.Bad(SiteRefusal.MODEL_MISMATCH);
    }
    Optional<Hash> next = Optional.empty();
    try (ModelStore.Draft draft = stores.models().draft(job)) {
      Hash encodingContext = attempt.job().encodingContext(id().round(), attempt.baseModel());
      if (NextModel.compute(
          attempt.job().manifest(), encodingContext, base.get(), sum, draft::append)) {
        next = Optional.of(stores.models().publish(job, draft));
      }
    }
    if (next.isPresent()) {
      // Before the verdict: after a crash nobody leads this site back behind what it voted for.
      stores.remember(new SiteRecord.ModelTrusted(id().round(), next.get()));
    }
    stores.results().delete(id());
    nextModel = next;
    return next.<ResultCheck>map(ResultCheck.Good::new)
        .orElseGet(() -> new ResultCheck.Bad(SiteRefusal.RESULT_IMPLAUSIBLE));
  }
}
