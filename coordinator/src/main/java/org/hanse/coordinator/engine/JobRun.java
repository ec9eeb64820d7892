package org.hanse.coordinator.engine;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.coordinator.round.Presence;
import org.hanse.coordinator.round.RoundEffect;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.coordinator.round.RoundMachine;
import org.hanse.coordinator.round.RoundPlan;
import org.hanse.coordinator.round.RoundState;
import org.hanse.coordinator.round.RoundStep;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.coordinator.storage.RoundJournal;
import org.hanse.coordinator.storage.RoundOpening;
import org.hanse.coordinator.storage.StoredJob;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AbortReason;
import org.hanse.wire.value.JobState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One job, round after round, from its start or from where its journal ends. What happens is stored
 * in one transaction with all that it changes, and only then acted upon. Waits for nothing. Not
 * thread-safe; after an {@link IOException} of no more use: another one goes on from what is
 * stored.
 */
final class JobRun {
  private static final Logger log = LoggerFactory.getLogger(JobRun.class);

  private final JobDescription job;
  private final JobParts parts;
  private final RoundMachine machine;
  private final JobSnapshots snapshots;
  private final EffectRunner effects;
  private final List<JobChange> unwritten = new ArrayList<>();
  private final List<RoundStep> batch = new ArrayList<>();
  private @Nullable Round current;

  /** The newest round. */
  private record Round(RoundOpening opening, RoundChanges changes, RoundState state) {
    Round at(RoundState next) {
      return new Round(opening, changes, next);
    }

    boolean over() {
      return state instanceof RoundState.Published || state instanceof RoundState.Aborted;
    }
  }

  JobRun(JobParts parts, RoundMachine machine, JobSnapshots snapshots, EffectRunner effects) {
    this.job = snapshots.job();
    this.parts = parts;
    this.machine = machine;
    this.snapshots = snapshots;
    this.effects = effects;
  }

  /**
   * Opens the first round, or goes on with the newest one.
   *
   * @param known presence of the members that the coordinator has heard of
   */
  void begin(StoredJob stored, Map<Fingerprint, Presence> known) throws IOException {
    Optional<RoundJournal> journal = parts.shared().store().journal(job.id());
    if (journal.isEmpty()) {
      open(JobProgress.start(job.manifest()), known, stored.lastSequence());
    } else {
      goOn(journal.get(), known, stored.lastSequence());
    }
  }

  /** The next event. */
  void take(Function<Instant, RoundEvent> made) {
    Round round = round();
    Instant now = now();
    RoundEvent event = made.apply(now);
    RoundStep step = machine.handle(round.state(), event);
    if (!step.next().equals(round.state())) {
      unwritten.add(new JobChange.EventTaken(event));
    }
    stage(round, step, now);
  }

  /** Whether the newest round takes nothing more. */
  boolean roundOver() {
    return round().over();
  }

  /** Stores the events taken since the last call, if they change more than presence, and acts. */
  List<Answer> finish() throws IOException {
    if (batch.stream().anyMatch(JobRun::persists)) {
      write(now());
    }
    for (RoundStep step : batch) {
      effects.run(step.effects());
    }
    List<Answer> answers = batch.stream().map(JobRun::answer).toList();
    batch.clear();
    snapshots.show(round().changes().reached(), round().state());
    return answers;
  }

  /** Opens the next round or ends the job, once the newest round is over. */
  void advance() throws IOException {
    while (!snapshots.ended() && round().over()) {
      Round last = round();
      switch (next(last)) {
        case JobProgress.Next.Run(JobProgress progress) ->
            open(progress, last.state().attendance().presences(), last.changes().lastSequence());
        case JobProgress.Next.End(JobState state, Optional<AbortReason> reason) ->
            end(state, reason);
      }
    }
  }

  /** Ends the job, wherever it is. */
  void end(JobState state, Optional<AbortReason> reason) throws IOException {
    log.info("job {}: {}{}", job.id(), state, reason.map(r -> " (" + r + ")").orElse(""));
    Instant now = now();
    unwritten.add(round().changes().finished(state, reason, now));
    write(now);
    snapshots.end(state, reason);
    snapshots.history().show(round().changes().lastSequence(), true);
    effects.end(snapshots.summary());
  }

  /** What was taken and not acted upon is as if it had never been. */
  void abandon() {
    for (RoundStep step : batch) {
      for (RoundEffect effect : step.effects()) {
        if (effect instanceof RoundEffect.Unmask unmask) {
          EffectRunner.forget(unmask);
        }
      }
    }
  }

  private void open(JobProgress progress, Map<Fingerprint, Presence> known, long lastSequence)
      throws IOException {
    log.info("job {}: round {} opens", job.id(), progress.round().round());
    Instant now = now();
    RoundOpening opening = new RoundOpening(job.planHash(), progress, known, now);
    RoundStep first = machine.open(plan(progress), known, now);
    Round round = new Round(opening, changes(opening, lastSequence), first.next());
    unwritten.addAll(round.changes().opened());
    stage(round, first, now);
    effects.begin(progress);
    finish();
  }

  /** Replays the round; whatever was acknowledged counts again, and nobody is asked twice. */
  private void goOn(RoundJournal journal, Map<Fingerprint, Presence> known, long lastSequence)
      throws IOException {
    RoundOpening opening = journal.opening();
    parts.files().uploads().takeReceivedBytes(); // what is on the disk is counted anew
    effects.begin(opening.progress());
    RoundStep step = machine.open(plan(opening.progress()), opening.known(), opening.openedAt());
    Round round = new Round(opening, changes(opening, lastSequence), step.next());
    effects.restore(step.effects());
    Instant stoppedAt = opening.openedAt();
    for (RoundEvent event : journal.events()) {
      step = machine.handle(step.next(), event);
      round.changes().note(step);
      effects.restore(step.effects());
      effects.restore(event);
      stoppedAt = event.at();
    }
    current = round.at(step.next());
    log.info(
        "job {}: goes on in round {} after {} events",
        job.id(),
        opening.round().round(),
        journal.events().size());
    Instant last = stoppedAt;
    effects.resume(step.next(), Duration.between(last, now()));
    take(at -> new RoundEvent.Restarted(last, at));
    known.forEach((site, presence) -> {
      if (presence instanceof Presence.Here) {
        take(at -> new RoundEvent.SiteCame(site, at));
      }
    });
    finish();
    advance();
  }

  private void stage(Round round, RoundStep step, Instant now) {
    unwritten.addAll(round.changes().of(step, now, parts.files().uploads()::takeReceivedBytes));
    batch.add(step);
    current = round.at(step.next());
  }

  private void write(Instant now) throws IOException {
    parts.shared().store().write(job.id(), now, List.copyOf(unwritten));
    unwritten.clear();
    snapshots.history().show(round().changes().lastSequence(), false);
  }

  private JobProgress.Next next(Round last) {
    JobProgress reached = last.changes().reached();
    return switch (last.state()) {
      case RoundState.Published published -> reached.afterPublished(job.manifest());
      case RoundState.Aborted aborted ->
          reached.afterGivenUp(job.manifest(), aborted.reason(), aborted.spent());
      case RoundState.Recruiting r -> throw new IllegalStateException("not over: " + r);
      case RoundState.Training t -> throw new IllegalStateException("not over: " + t);
      case RoundState.InAttempt a -> throw new IllegalStateException("not over: " + a);
    };
  }

  private static boolean persists(RoundStep step) {
    return step.effects().stream().anyMatch(RoundEffect.Persist.class::isInstance);
  }

  private static Answer answer(RoundStep step) {
    for (RoundEffect effect : step.effects()) {
      if (effect instanceof RoundEffect.Reject reject) {
        return new Answer.Rejected(reject.rejection(), reject.detail());
      }
    }
    return new Answer.Taken();
  }

  private RoundPlan plan(JobProgress progress) {
    return new RoundPlan(
        progress.round(),
        new RoundPlan.ModelUnderTraining(job.manifest(), job.planHash(), progress.model()),
        progress.adoption(),
        progress.convicted().keySet(),
        parts.shared().patience());
  }

  private RoundChanges changes(RoundOpening opening, long lastSequence) {
    return new RoundChanges(job.manifest().aggregation().metrics(), opening, lastSequence);
  }

  private Round round() {
    return Objects.requireNonNull(current, "not begun");
  }

  private Instant now() {
    return parts.shared().clock().instant();
  }
}
