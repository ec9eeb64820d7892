package org.hanse.coordinator.engine;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.coordinator.round.Presence;
import org.hanse.coordinator.round.Resumption;
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
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobOrder;
import org.hanse.wire.value.JobStanding;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.WorkContent;
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
  private final Place place;
  private final List<JobChange> unwritten = new ArrayList<>();
  private final List<RoundStep> batch = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private boolean writeIsDue;
  private boolean ending; // its last event is written already
  private @Nullable Round current;
  private @Nullable JobProgress upcoming;
  private JobStanding standing = JobStanding.QUEUED;
  private Optional<JobOrder> abort = Optional.empty();

  /** The newest round. */
  private record Round(RoundOpening opening, RoundChanges changes, RoundState state) {
    Round at(RoundState next) {
      return new Round(opening, changes, next);
    }

    boolean isOpen() {
      return state.isOpen();
    }
  }

  JobRun(
      JobParts parts,
      RoundMachine machine,
      JobSnapshots snapshots,
      EffectRunner effects,
      Consumer<JobInput> later) {
    this.job = snapshots.job();
    this.parts = parts;
    this.machine = machine;
    this.snapshots = snapshots;
    this.effects = effects;
    this.place = new Place(job, parts.shared(), later);
  }

  /**
   * Goes on with the newest round, or stands before the first one or before one that was paused.
   *
   * @param known presence of the members that the coordinator has heard of
   */
  void begin(StoredJob stored, Map<Fingerprint, Presence> known) throws IOException {
    standing = stored.standing();
    Resumption from = stored.progress().resumption();
    Optional<RoundJournal> journal = parts.shared().store().journal(job.id());
    if (journal.isEmpty()) {
      pend(JobProgress.start(job.manifest()).resuming(from), known, stored.lastSequence());
    } else if (journal.get().paused()) {
      JobProgress opened = journal.get().opening().progress();
      pend(opened.resuming(from), known, stored.lastSequence());
    } else {
      goOn(journal.get(), known, stored);
    }
    if (standing.paused()) {
      place.pausedSince(stored.since());
    }
  }

  /** The next input; what it changes is not stored yet. */
  void take(JobInput input) {
    Instant now = now();
    answers.add(
        switch (input) {
          case JobInput.Happened(var event) -> happened(event.apply(now), now);
          case JobInput.Ordered(JobInput.Command command, JobOrder order) -> {
            switch (command) {
              case PAUSE -> pause(order, now);
              case RESUME -> resume(order, now);
              case ABORT -> abort(order, now);
            }
            yield new Answer.Taken();
          }
          case JobInput.TurnCame() -> {
            place.turnCame();
            yield new Answer.Taken();
          }
          case JobInput.PauseExpired() -> {
            place.expire();
            yield new Answer.Taken();
          }
        });
  }

  private Answer happened(RoundEvent event, Instant now) {
    Answer answer = Answer.to(step(event, now));
    if (standing.paused() && round().isOpen()) {
      step(new RoundEvent.PauseRequested(now), now); // it may have become possible
    }
    return answer;
  }

  private void pause(JobOrder order, Instant now) {
    if (standing.paused()) {
      return;
    }
    log.info("job {}: paused by {}", job.id(), order.by());
    stand(JobStanding.pausedBy(order), now);
    if (round().isOpen()) {
      step(new RoundEvent.PauseRequested(now), now);
    }
  }

  private void resume(JobOrder order, Instant now) {
    if (!standing.paused()) {
      return;
    }
    log.info("job {}: resumed by {}", job.id(), order.by());
    standing = round().isOpen() ? JobStanding.RUNNING : JobStanding.QUEUED;
    report(new JobEventValue.Resumed(order), now);
    place.resumed();
  }

  private void abort(JobOrder order, Instant now) {
    abort = Optional.of(order);
    if (round().isOpen()) {
      step(new RoundEvent.StopRequested(AbortReason.ABORTED_BY_USER, now), now);
    }
  }

  private void stand(JobStanding paused, Instant now) {
    standing = paused;
    report(new JobEventValue.Paused(paused), now);
    place.pausedSince(now);
  }

  private void report(JobEventValue event, Instant now) {
    unwritten.add(round().changes().reported(event, now));
    writeIsDue = true;
  }

  /** Whether the newest round takes nothing more. */
  boolean roundOver() {
    return !round().isOpen();
  }

  /** Stores what was taken since the last call, if it changes more than presence, and acts. */
  void finish() throws IOException {
    if (abort.isPresent() && !round().isOpen() && !ending) {
      ending = true; // who aborted it is stored with what that changes
      unwritten.add(round().changes().finished(JobStanding.abortedBy(abort.get()), now()));
      writeIsDue = true;
    }
    if (writeIsDue) {
      write(now());
    }
    for (RoundStep step : batch) {
      effects.run(step.effects());
    }
    batch.clear();
    show();
  }

  /** To what was taken since the last call, in order. */
  List<Answer> answers() {
    List<Answer> all = List.copyOf(answers);
    answers.clear();
    return all;
  }

  /** Opens the next round if its turn has come, or ends the job, once the newest round is over. */
  void advance() throws IOException {
    while (!snapshots.ended() && !round().isOpen()) {
      place.roundIsOver();
      Optional<JobStanding> end = abort.map(JobStanding::abortedBy).or(this::follow);
      if (end.isPresent()) {
        end(end.get());
      } else if (standing.paused()) {
        standStill();
        return;
      } else if (place.hasTurn()) {
        open();
      } else {
        place.ask();
        show();
        return;
      }
    }
  }

  /** Decides what comes after the newest round: the end of the job, or what is upcoming. */
  private Optional<JobStanding> follow() {
    if (!(round().state() instanceof RoundState.Pending)) {
      switch (next(round())) {
        case JobProgress.Next.End(JobStanding end) -> {
          return Optional.of(end);
        }
        case JobProgress.Next.Run(JobProgress progress) -> upcoming = place.numbered(progress);
        case JobProgress.Next.Pause(AbortReason reason, JobProgress progress) -> {
          upcoming = place.numbered(progress);
          if (standing.state() == JobState.RUNNING) { // else somebody has looked at it
            log.warn("job {}: paused: {}", job.id(), reason);
            stand(JobStanding.of(JobState.PAUSED, reason), now());
          }
        }
      }
    }
    return standing.paused() && place.expired()
        ? Optional.of(JobStanding.of(JobState.FAILED, AbortReason.PAUSED_TOO_LONG))
        : Optional.empty();
  }

  /** Every member hears that there is nothing to do. */
  private void standStill() throws IOException {
    if (place.standsStill()) {
      return;
    }
    upcoming = place.standStill(upcoming());
    unwritten.add(new JobChange.Progressed(upcoming()));
    write(now());
    effects.pause(upcoming(), new WorkContent.JobPaused(standing.reason()));
    show();
  }

  /** Ends the job, wherever it is. */
  private void end(JobStanding end) throws IOException {
    log.info(
        "job {}: {}{}", job.id(), end.state(), end.reason().map(r -> " (" + r + ")").orElse(""));
    if (!ending) {
      Instant now = now();
      unwritten.add(round().changes().finished(end, now));
      write(now);
    }
    snapshots.end(end);
    snapshots.history().show(round().changes().lastSequence(), true);
    effects.end(snapshots.summary());
    place.close(true);
  }

  /** What was taken and not acted upon is as if it had never been. */
  void abandon() {
    place.close(snapshots.ended());
    for (RoundStep step : batch) {
      for (RoundEffect effect : step.effects()) {
        if (effect instanceof RoundEffect.Unmask unmask) {
          EffectRunner.forget(unmask);
        }
      }
    }
  }

  private void pend(JobProgress progress, Map<Fingerprint, Presence> known, long lastSequence)
      throws IOException {
    Instant now = now();
    RoundOpening opening = new RoundOpening(job.planHash(), progress, known, now);
    RoundState state = machine.pending(plan(progress), known, now);
    current = new Round(opening, changes(opening, lastSequence), state);
    place.numberedFrom(progress.resumption());
    upcoming = progress;
    effects.begin(progress);
    effects.forgetAttempts(progress);
    show();
  }

  private void open() throws IOException {
    JobProgress progress = upcoming();
    log.info("job {}: round {} opens", job.id(), progress.round().round());
    Instant now = now();
    Map<Fingerprint, Presence> known = round().state().attendance().presences();
    RoundOpening opening = new RoundOpening(job.planHash(), progress, known, now);
    RoundStep first = machine.open(plan(progress), known, now);
    RoundChanges changes = changes(opening, round().changes().lastSequence());
    unwritten.addAll(changes.opened());
    writeIsDue = true;
    standing = JobStanding.RUNNING;
    current = new Round(opening, changes, first.next());
    stage(first, now);
    place.opened();
    effects.begin(progress);
    finish();
  }

  /** Replays the round; whatever was acknowledged counts again, and nobody is asked twice. */
  private void goOn(RoundJournal journal, Map<Fingerprint, Presence> known, StoredJob stored)
      throws IOException {
    RoundOpening opening = journal.opening();
    parts.files().uploads().takeReceivedBytes(); // what is on the disk is counted anew
    effects.begin(opening.progress());
    place.numberedFrom(stored.progress().resumption());
    RoundStep step = machine.open(plan(opening.progress()), opening.known(), opening.openedAt());
    Round round = new Round(opening, changes(opening, stored.lastSequence()), step.next());
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
    if (round().isOpen()) {
      place.keep();
    }
    log.info(
        "job {}: goes on in round {} after {} events",
        job.id(),
        opening.round().round(),
        journal.events().size());
    Instant last = stoppedAt;
    effects.resume(step.next(), Duration.between(last, now()));
    take(new JobInput.Happened(at -> new RoundEvent.Restarted(last, at)));
    known.forEach((site, presence) -> {
      if (presence instanceof Presence.Here) {
        take(new JobInput.Happened(at -> new RoundEvent.SiteCame(site, at)));
      }
    });
    answers.clear();
    finish();
  }

  private RoundStep step(RoundEvent event, Instant now) {
    RoundState before = round().state();
    boolean open = round().isOpen();
    RoundStep step = machine.handle(before, event);
    current = round().at(step.next());
    if (open && !step.next().equals(before)) {
      unwritten.add(new JobChange.EventTaken(event));
    }
    stage(step, now);
    if (open && step.next() instanceof RoundState.Pending(var plan, var attendance, int attempts)) {
      upcoming =
          round()
              .changes()
              .reached()
              .resuming(new Resumption(plan.resumption().pauses(), attempts));
      unwritten.add(new JobChange.RoundPaused(plan.round()));
      unwritten.add(new JobChange.Progressed(upcoming()));
    }
    return step;
  }

  private void stage(RoundStep step, Instant now) {
    writeIsDue |= step.effects().stream().anyMatch(RoundEffect.Persist.class::isInstance);
    unwritten.addAll(round().changes().of(step, now, parts.files().uploads()::takeReceivedBytes));
    batch.add(step);
  }

  private void write(Instant now) throws IOException {
    parts.shared().store().write(job.id(), now, List.copyOf(unwritten));
    unwritten.clear();
    writeIsDue = false;
    snapshots.history().show(round().changes().lastSequence(), false);
  }

  private void show() {
    RoundState state = round().state();
    JobProgress progress =
        state instanceof RoundState.Pending ? upcoming() : round().changes().reached();
    snapshots.show(progress, standing, state, place.pausedUntil());
  }

  private JobProgress.Next next(Round last) {
    JobProgress reached = last.changes().reached();
    return switch (last.state()) {
      case RoundState.Published published -> reached.afterPublished(job.manifest());
      case RoundState.Aborted aborted ->
          reached.afterGivenUp(job.manifest(), aborted.reason(), aborted.spent());
      case RoundState.Pending p -> throw new IllegalStateException("not over: " + p);
      case RoundState.Recruiting r -> throw new IllegalStateException("not over: " + r);
      case RoundState.Training t -> throw new IllegalStateException("not over: " + t);
      case RoundState.InAttempt a -> throw new IllegalStateException("not over: " + a);
    };
  }

  private RoundPlan plan(JobProgress progress) {
    return new RoundPlan(
        progress.round(),
        new RoundPlan.ModelUnderTraining(job.manifest(), job.planHash(), progress.model()),
        progress.adoption(),
        progress.convicted().keySet(),
        progress.resumption(),
        parts.shared().rules().patience());
  }

  private RoundChanges changes(RoundOpening opening, long lastSequence) {
    return new RoundChanges(job.manifest(), opening, lastSequence);
  }

  private Round round() {
    return Objects.requireNonNull(current, "not begun");
  }

  private JobProgress upcoming() {
    return Objects.requireNonNull(upcoming, "nothing is upcoming");
  }

  private Instant now() {
    return parts.shared().clock().instant();
  }
}
