package org.hanse.coordinator.engine;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.coordinator.round.RoundEffect;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.coordinator.round.RoundState;
import org.hanse.coordinator.storage.ModelDraft;
import org.hanse.coordinator.storage.SumDraft;
import org.hanse.coordinator.storage.VectorFile;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.optimize.ServerOptimizer;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.JobTerms;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobSummary;
import org.hanse.wire.value.WorkContent;
import org.hanse.wire.value.WorkPosition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the effects of one job's rounds. Used by the job's loop alone. */
final class EffectRunner {
  private static final Logger log = LoggerFactory.getLogger(EffectRunner.class);

  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private final JobDescription job;
  private final JobParts parts;
  private final Consumer<Function<Instant, RoundEvent>> events;
  private final Map<AttemptId, Unmasking> unmasking = new HashMap<>();
  private final RoundFiles files;
  private final Restoration restored = new Restoration();
  private Hash base;
  private WorkBoard.Last last;
  private Timers.Alarm alarm = () -> {};

  /** A sum that is being computed. */
  private record Unmasking(RoundEffect.Unmask effect, AtomicBoolean cancelled, Thread thread) {
    void cancel() {
      cancelled.set(true);
    }
  }

  /** What a replayed round has left to be done. */
  private static final class Restoration {
    private final Map<Fingerprint, RoundEffect.Assign> assigned = new TreeMap<>();
    private Optional<RoundEffect.Unmask> unmask = Optional.empty();
  }

  EffectRunner(JobDescription job, JobParts parts, Consumer<Function<Instant, RoundEvent>> events) {
    this.job = job;
    this.parts = parts;
    this.events = events;
    this.files = new RoundFiles(job, parts);
    this.base = job.manifest().training().initialModelHash();
    this.last = new WorkBoard.Last(0, new RoundId(job.id(), 1));
  }

  /** A round opens, or is about to be replayed. */
  void begin(JobProgress opened) throws IOException {
    files.begin(opened.round());
    last = WorkBoard.Last.of(opened);
    base = opened.model();
  }

  /** What attempts before a pause may have left when the coordinator stopped. */
  void forgetAttempts(JobProgress paused) throws IOException {
    for (int attempt = 0; attempt < paused.resumption().attempts(); attempt++) {
      files.discard(new AttemptId(paused.round(), attempt));
    }
  }

  /** Tells everybody that the job stands still. */
  void pause(JobProgress upcoming, WorkContent.JobPaused content) {
    last = WorkBoard.Last.of(upcoming);
    parts
        .shared()
        .board()
        .tellAll(
            job.manifest(),
            new WorkPosition(last.pauses(), new AttemptId(last.round(), 0), content.stage()),
            content);
  }

  void run(List<RoundEffect> effects) throws IOException {
    for (RoundEffect effect : effects) {
      switch (effect) {
        case RoundEffect.Persist() -> {
          // The loop has stored the event before it runs any effect.
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
        case RoundEffect.Unmask unmask -> {
          audit(unmask);
          unmask(unmask);
        }
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

  /**
   * The effects of a step that was taken before the coordinator stopped, whether they had run or
   * not: files and memory are afterwards as if they had, and nobody hears of it twice.
   */
  void restore(List<RoundEffect> effects) throws IOException {
    for (RoundEffect effect : effects) {
      switch (effect) {
        case RoundEffect.Assign assign -> restored.assigned.put(assign.to(), assign);
        case RoundEffect.Dismiss(Fingerprint site) -> restored.assigned.remove(site);
        case RoundEffect.AcceptUploads accept -> files.acceptUploads(accept);
        case RoundEffect.StopUploads(AttemptId attempt, Set<Fingerprint> survivors) ->
            parts.files().uploads().stop(attempt, survivors);
        case RoundEffect.Unmask unmask -> {
          audit(unmask);
          restored.unmask = Optional.of(unmask);
        }
        case RoundEffect.DiscardAttempt(AttemptId attempt) -> files.discard(attempt);
        case RoundEffect.Publish publish -> files.published(publish);
        case RoundEffect.Persist _,
            RoundEffect.Reject _,
            RoundEffect.WakeAt _,
            RoundEffect.Report _,
            RoundEffect.GiveUp _ -> {}
      }
    }
  }

  /** An event that was taken before the coordinator stopped: what it said of files holds again. */
  void restore(RoundEvent event) {
    if (event
        instanceof
        RoundEvent.MessageReceived(
            AttemptId attempt,
            Fingerprint site,
            FromSite.UploadCommit commit,
            Instant at)) {
      parts.files().uploads().restoreCommit(attempt, site, commit);
    }
  }

  /**
   * The replay is over: what was being done when the coordinator stopped is done now.
   *
   * @param pause how much later the sites' answers are due
   */
  void resume(RoundState state, Duration pause) {
    restored
        .assigned
        .values()
        .forEach(assign ->
            assign(
                new RoundEffect.Assign(
                    assign.to(),
                    assign.position(),
                    assign.content(),
                    assign.answerBy().map(due -> due.plus(pause)))));
    if (state instanceof RoundState.Applying) {
      restored.unmask.ifPresent(this::unmask);
    }
  }

  /**
   * Tells everybody that the job is over; only what is still being audited stays until that ends.
   */
  void end(JobSummary summary) {
    parts
        .shared()
        .board()
        .end(
            job.manifest(),
            last,
            new WorkContent.JobEnded(summary.state(), summary.standing().reason()));
    try {
      files.forgetUploads();
    } catch (IOException e) {
      log.error("job {}: its uploads could not be deleted", job.id(), e);
    }
  }

  /**
   * Nothing of this job runs afterwards, unless a sum takes longer to stop than {@link
   * #STOP_LIMIT}; what unmasks it is erased.
   */
  void stop() {
    alarm.cancel();
    unmasking.values().forEach(Unmasking::cancel);
    boolean interrupted = Thread.interrupted();
    for (Unmasking running : unmasking.values()) {
      try {
        parts.shared().threads().join(running.thread(), STOP_LIMIT);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      forget(running.effect());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** An effect that is never run, or not to its end. */
  static void forget(RoundEffect.Unmask effect) {
    effect.unmasker().erase();
    effect.revelation().erase();
  }

  private void assign(RoundEffect.Assign assign) {
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
          throw new IllegalStateException("a round publishes by an effect of its own");
      case JobEventValue.Paused paused ->
          throw new IllegalStateException("a round does not pause a job");
      case JobEventValue.Resumed resumed ->
          throw new IllegalStateException("a round does not resume a job");
      case JobEventValue.Finished finished ->
          throw new IllegalStateException("a round does not finish a job");
    }
  }

  /** Before anybody is told that there is a sum. */
  private void audit(RoundEffect.Unmask effect) {
    if (job.manifest().aggregation().auditChunks() > 0) {
      parts.files().audits().open(effect.attempt(), effect.revelation().copy());
    }
  }

  private void unmask(RoundEffect.Unmask effect) {
    AtomicBoolean cancelled = new AtomicBoolean();
    Thread thread =
        parts
            .shared()
            .threads()
            .start("unmask-" + effect.attempt(), () -> unmask(effect, cancelled));
    unmasking.put(effect.attempt(), new Unmasking(effect, cancelled, thread));
  }

  private void unmask(RoundEffect.Unmask effect, AtomicBoolean cancelled) {
    AttemptId attempt = effect.attempt();
    AppliedSum outcome;
    try {
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
        RoundEvent.Sum sum =
            new RoundEvent.Sum(
                done.resultRoot(),
                new RoundEvent.Tags(effect.unmasker().tag0(), effect.unmasker().tag1()),
                done.nextModel(),
                done.metrics());
        events.accept(at -> new RoundEvent.SumApplied(attempt, sum, at));
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
                .open(base)
                .orElseThrow(() -> new IOException("model " + base + " is missing"));
        SumDraft sum = files.sums().draft(effect.attempt());
        ModelDraft next = files.models().draft(modelBytes)) {
      return new SumApplication(
              new SumApplication.Sources(
                  effect.unmasker(),
                  files.uploads().reader(effect.attempt()),
                  () -> files.uploads().requireIntact(effect.attempt()),
                  model,
                  base),
              new SumApplication.Targets(sum, next),
              new SumApplication.Rules(
                  UpdateEncoding.of(job.manifest()),
                  ServerOptimizer.of(job.manifest().training().server()),
                  effect.context(),
                  new JobTerms(job.manifest(), job.planHash())
                      .encodingContext(effect.attempt().round(), base)),
              parts.shared().threads().workers(),
              cancelled)
          .run();
    }
  }

  private void discard(AttemptId attempt) throws IOException {
    Optional.ofNullable(unmasking.remove(attempt)).ifPresent(Unmasking::cancel);
    files.discard(attempt);
  }

  private void publish(RoundEffect.Publish publish) throws IOException {
    unmasking.remove(publish.attempt());
    files.published(publish);
    log.info(
        "job {}: {} published {}", job.id(), publish.attempt(), publish.proof().nextModelHash());
  }

  private SiteId siteOf(Fingerprint member) {
    return job.manifest().consortium().memberByKey(member).orElseThrow().site();
  }
}
