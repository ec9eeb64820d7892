package org.hanse.coordinator.engine;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.job.JobHistory;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.coordinator.round.RoundEffect;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.coordinator.storage.ModelDraft;
import org.hanse.coordinator.storage.SumDraft;
import org.hanse.coordinator.storage.VectorFile;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.optimize.ServerOptimizer;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Member;
import org.hanse.core.plan.MetricSpec;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.core.secagg.JobTerms;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobSummary;
import org.hanse.wire.value.WorkContent;
import org.hanse.wire.value.WorkPosition;
import org.hanse.wire.value.WorkStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the effects of one job's rounds. Used by the job's loop alone. */
final class EffectRunner {
  private static final Logger log = LoggerFactory.getLogger(EffectRunner.class);

  private final JobDescription job;
  private final JobParts parts;
  private final JobHistory history;
  private final Consumer<Function<Instant, RoundEvent>> events;
  private final Map<AttemptId, AppliedSum.Done> applied = new ConcurrentHashMap<>();
  private final Map<AttemptId, AtomicBoolean> unmasking = new ConcurrentHashMap<>();
  private final RoundFiles files;
  private JobProgress progress;
  private Instant roundOpenedAt = Instant.EPOCH;
  private AttemptId lastAttempt;
  private Timers.Alarm alarm = () -> {};

  EffectRunner(
      JobDescription job,
      JobParts parts,
      JobHistory history,
      Consumer<Function<Instant, RoundEvent>> events) {
    this.job = job;
    this.parts = parts;
    this.history = history;
    this.events = events;
    this.files = new RoundFiles(job, parts);
    this.progress = JobProgress.start(job.manifest());
    this.lastAttempt = new AttemptId(progress.round(), 0);
  }

  /** A round opens; its journal is durable, so that of the round before is not needed any more. */
  void begin(JobProgress opened, Instant now) throws IOException {
    files.begin(opened.round());
    progress = opened;
    roundOpenedAt = now;
  }

  /** What the round that was published last has led to. */
  JobProgress published() {
    return progress;
  }

  void run(List<RoundEffect> effects) throws IOException {
    for (RoundEffect effect : effects) {
      switch (effect) {
        case RoundEffect.Persist() -> {
          // The loop has synced the journal before it runs any effect.
        }
        case RoundEffect.Assign assign -> assign(assign);
        case RoundEffect.Dismiss(Fingerprint site) ->
            parts.shared().board().clear(siteOf(site), job.id());
        case RoundEffect.Reject reject ->
            log.info(
                "job {}: {} refused: {} ({})",
                job.id(),
                siteOf(reject.site()),
                reject.rejection(),
                reject.detail());
        case RoundEffect.AcceptUploads accept -> files.acceptUploads(accept);
        case RoundEffect.StopUploads(AttemptId attempt, Set<Fingerprint> survivors) ->
            parts.files().uploads().stop(attempt, survivors);
        case RoundEffect.Unmask unmask -> unmask(unmask);
        case RoundEffect.DiscardAttempt(AttemptId attempt) -> discard(attempt);
        case RoundEffect.WakeAt(Instant time) -> wakeAt(time);
        case RoundEffect.Report(JobEventValue event) -> report(event);
        case RoundEffect.Publish publish -> publish(publish);
        case RoundEffect.GiveUp giveUp ->
            log.warn(
                "job {}: {} ends without a model: {}", job.id(), giveUp.attempt(), giveUp.reason());
      }
    }
  }

  /** Tells everybody that the job is over. */
  void end(JobSnapshots snapshots, Instant now) {
    JobSummary summary = snapshots.summary();
    history.append(
        new JobEventValue.Finished(
            summary.state(),
            summary.reason(),
            summary.modelHash(),
            summary.progress().publishedRounds()),
        now);
    WorkContent content = new WorkContent.JobEnded(summary.state(), summary.reason());
    WorkPosition position = new WorkPosition(lastAttempt, WorkStage.JOB_ENDED);
    for (Member member : job.manifest().consortium().members()) {
      parts
          .shared()
          .board()
          .assign(member.site(), new WorkBoard.Offer(position, content, Optional.empty()));
    }
  }

  /** The job is over: only what is still being audited stays, until that ends. */
  void forgetSecrets() throws IOException {
    files.forgetSecrets();
  }

  /** Nothing of this job runs afterwards. */
  void stop() {
    alarm.cancel();
    unmasking.values().forEach(cancelled -> cancelled.set(true));
  }

  private void assign(RoundEffect.Assign assign) {
    AttemptId attempt = assign.position().attempt();
    lastAttempt = attempt.compareTo(lastAttempt) > 0 ? attempt : lastAttempt;
    parts
        .shared()
        .board()
        .assign(
            siteOf(assign.to()),
            new WorkBoard.Offer(assign.position(), assign.content(), assign.answerBy()));
  }

  private void wakeAt(Instant time) {
    alarm.cancel();
    alarm = parts.shared().timers().schedule(time, () -> events.accept(RoundEvent.TimePassed::new));
  }

  private void report(JobEventValue event) {
    history.append(event, parts.shared().clock().instant());
    switch (event) {
      case JobEventValue.StageReached stage ->
          log.info(
              "job {}: {} {} with {} sites",
              job.id(),
              stage.attempt(),
              stage.stage(),
              stage.sites());
      case JobEventValue.SiteLeft left ->
          log.info(
              "job {}: {} left {}: {}",
              job.id(),
              left.site(),
              left.attempt(),
              left.reason().name());
      case JobEventValue.AttemptAborted aborted ->
          log.warn("job {}: {} aborted: {}", job.id(), aborted.attempt(), aborted.reason());
      case JobEventValue.ShareRefused refused ->
          log.warn(
              "job {}: {}: {} says that its box from {} is bad ({}): the next attempt is without"
                  + " both",
              job.id(),
              refused.attempt(),
              refused.holder(),
              refused.dealer(),
              refused.reason());
      case JobEventValue.DealerConvicted convicted ->
          log.warn(
              "job {}: {}: {} dealt shares of another secret than it committed to: it is out of the"
                  + " job",
              job.id(),
              convicted.attempt(),
              convicted.dealer());
      case JobEventValue.RoundPublished published ->
          log.info("job {}: {} published {}", job.id(), published.attempt(), published.modelHash());
      case JobEventValue.Finished finished ->
          throw new IllegalStateException("a round does not finish a job");
    }
  }

  private void unmask(RoundEffect.Unmask effect) {
    AtomicBoolean cancelled = new AtomicBoolean();
    unmasking.put(effect.attempt(), cancelled);
    Thread.ofVirtual().name("unmask-" + effect.attempt()).start(() -> unmask(effect, cancelled));
  }

  private void unmask(RoundEffect.Unmask effect, AtomicBoolean cancelled) {
    AttemptId attempt = effect.attempt();
    AppliedSum outcome;
    try {
      if (job.manifest().aggregation().auditChunks() > 0) {
        parts.files().audits().open(attempt, effect.revelation().copy());
      }
      outcome = apply(effect, cancelled);
    } catch (InterruptedException e) {
      return;
    } catch (Throwable e) {
      // The round waits for an answer, whatever this is.
      if (cancelled.get()) {
        return;
      }
      log.error("job {}: {}: the sum cannot be computed", job.id(), attempt, e);
      outcome =
          new AppliedSum.Failed(
              e instanceof IOException
                  ? AbortReason.COORDINATOR_STORAGE
                  : AbortReason.COORDINATOR_FAILED);
    }
    if (cancelled.get()) {
      return; // its seeds are erased
    }
    switch (outcome) {
      case AppliedSum.Done done -> {
        applied.put(attempt, done);
        RoundEvent.Tags tags =
            new RoundEvent.Tags(effect.unmasker().tag0(), effect.unmasker().tag1());
        events.accept(at ->
            new RoundEvent.SumApplied(attempt, done.resultRoot(), tags, done.nextModel(), at));
      }
      case AppliedSum.Failed(AbortReason reason) ->
          events.accept(at -> new RoundEvent.SumFailed(attempt, reason, at));
    }
  }

  private AppliedSum apply(RoundEffect.Unmask effect, AtomicBoolean cancelled)
      throws IOException, InterruptedException {
    JobParts.Files files = parts.files();
    long modelBytes = job.manifest().layout().parameterCount() * Float.BYTES;
    try (VectorFile model =
            files
                .models()
                .open(progress.model())
                .orElseThrow(() -> new IOException("model " + progress.model() + " is missing"));
        SumDraft sum = files.sums().draft(effect.attempt());
        ModelDraft next = files.models().draft(modelBytes)) {
      return new SumApplication(
              new SumApplication.Sources(
                  effect.unmasker(), files.uploads().reader(effect.attempt()), model),
              new SumApplication.Targets(sum, next),
              new SumApplication.Rules(
                  UpdateEncoding.of(job.manifest()),
                  ServerOptimizer.of(job.manifest().training().server()),
                  effect.context(),
                  new JobTerms(job.manifest(), job.planHash())
                      .encodingContext(effect.attempt().round(), progress.model())),
              parts.shared().workers(),
              cancelled)
          .run();
    }
  }

  private void discard(AttemptId attempt) throws IOException {
    Optional.ofNullable(unmasking.remove(attempt)).ifPresent(cancelled -> cancelled.set(true));
    applied.remove(attempt);
    files.discard(attempt);
  }

  private void publish(RoundEffect.Publish publish) throws IOException {
    AttemptId attempt = publish.attempt();
    AdoptionProof proof = publish.proof();
    unmasking.remove(attempt);
    files.published(publish);
    Instant now = parts.shared().clock().instant();
    report(
        new JobEventValue.RoundPublished(
            attempt,
            publish.counted().size(),
            metrics(Optional.ofNullable(applied.remove(attempt))),
            proof.nextModelHash(),
            parts.files().uploads().takeReceivedBytes(),
            Duration.between(roundOpenedAt, now).toNanos() / 1e9));
    progress = progress.published(proof);
  }

  private List<JobEventValue.MetricMean> metrics(Optional<AppliedSum.Done> sum) {
    List<JobEventValue.MetricMean> means = new ArrayList<>();
    List<MetricSpec> specs = job.manifest().aggregation().metrics();
    List<Double> values = sum.map(AppliedSum.Done::metrics).orElse(List.of());
    for (int k = 0; k < values.size(); k++) {
      means.add(new JobEventValue.MetricMean(specs.get(k).name(), values.get(k)));
    }
    return means;
  }

  private SiteId siteOf(Fingerprint member) {
    return job.manifest().consortium().memberByKey(member).orElseThrow().site();
  }
}
