package org.hanse.coordinator.engine;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.hanse.coordinator.job.CallRegister;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.job.JobHistory;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.coordinator.round.Presence;
import org.hanse.coordinator.round.RoundEffect;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.coordinator.round.RoundMachine;
import org.hanse.coordinator.round.RoundPlan;
import org.hanse.coordinator.round.RoundState;
import org.hanse.coordinator.round.RoundStep;
import org.hanse.coordinator.storage.FileJournal;
import org.hanse.coordinator.storage.RoundOpening;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Member;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.wire.value.JobState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one job, round after round, on a thread of its own: takes events from one queue, asks the
 * round's machine, makes them durable, runs the effects in order, and only then answers.
 */
public final class JobLoop implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(JobLoop.class);

  /** Far above what all members can have in flight at once. */
  private static final int MAX_QUEUED_EVENTS = 10_000;

  /** A site without a call for so long is away. */
  private static final Duration BETWEEN_CALLS = Duration.ofMillis(500);

  /** Events that share one sync. */
  private static final int MAX_BATCH = 64;

  private final JobDescription job;
  private final JobParts parts;
  private final RoundMachine machine;
  private final EffectRunner effects;
  private final BlockingQueue<Submission> queue = new LinkedBlockingQueue<>();
  private final JobSnapshots snapshots;
  private volatile boolean stopped;

  private record Submission(
      Function<Instant, RoundEvent> event, CompletableFuture<Answer> answer) {}

  public JobLoop(JobDescription job, JobParts parts, RoundMachine machine, JobHistory history) {
    this.job = job;
    this.parts = parts;
    this.machine = machine;
    this.snapshots = new JobSnapshots(job, history);
    this.effects = new EffectRunner(job, parts, history, this::post);
  }

  /** What others may know of the job at any time. */
  public JobSnapshots snapshots() {
    return snapshots;
  }

  /** A site's event; the answer comes when it is durable and its effects have run. */
  public CompletableFuture<Answer> submit(Function<Instant, RoundEvent> event) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    if (queue.size() >= MAX_QUEUED_EVENTS) {
      answer.complete(new Answer.Overloaded());
    } else {
      enqueue(new Submission(event, answer));
    }
    return answer;
  }

  /** An event that waits for no answer and must not be lost. */
  private void post(Function<Instant, RoundEvent> event) {
    enqueue(new Submission(event, new CompletableFuture<>()));
  }

  private void enqueue(Submission submission) {
    queue.add(submission);
    // The loop may have looked at the queue for the last time.
    if (snapshots.ended()) {
      refuseQueued(new Answer.JobOver());
    } else if (stopped) {
      refuseQueued(new Answer.Unavailable());
    }
  }

  /** Returns when the job has ended or the thread is interrupted. */
  @Override
  public void run() {
    PresenceFeed feed = new PresenceFeed();
    Map<SiteId, Presence> sites = parts.shared().calls().follow(feed);
    try {
      JobProgress.Next next = new JobProgress.Next.Run(JobProgress.start(job.manifest()));
      Map<Fingerprint, Presence> known = byKey(sites);
      while (next instanceof JobProgress.Next.Run(JobProgress progress)) {
        RoundState last = runRound(progress, known);
        known = last.attendance().presences();
        next = after(progress, last);
      }
      if (next instanceof JobProgress.Next.End(JobState state, Optional<AbortReason> reason)) {
        end(state, reason);
      }
    } catch (InterruptedException | ClosedByInterruptException e) {
      log.info("job {}: stopped with the coordinator", job.id());
      stopped = true;
      refuseQueued(new Answer.Unavailable());
    } catch (IOException e) {
      log.error("job {}: cannot go on", job.id(), e);
      end(JobState.FAILED, Optional.of(AbortReason.COORDINATOR_STORAGE));
    } catch (Throwable e) {
      // Whatever it is, nobody may wait for this job any longer.
      log.error("job {}: a defect, or no memory", job.id(), e);
      end(JobState.FAILED, Optional.of(AbortReason.COORDINATOR_FAILED));
      throw e;
    } finally {
      parts.shared().calls().unfollow(feed);
      effects.stop();
    }
  }

  private RoundState runRound(JobProgress progress, Map<Fingerprint, Presence> known)
      throws IOException, InterruptedException {
    Instant now = parts.shared().clock().instant();
    RoundPlan plan =
        new RoundPlan(
            progress.round(),
            new RoundPlan.ModelUnderTraining(job.manifest(), job.planHash(), progress.model()),
            progress.adoption(),
            progress.convicted().keySet(),
            parts.shared().patience());
    RoundOpening opening = new RoundOpening(job.planHash(), progress, known, now);
    log.info("job {}: round {} opens", job.id(), progress.round().round());
    try (FileJournal journal = FileJournal.create(parts.files().paths(), opening)) {
      RoundStep first = machine.open(plan, known, now);
      journal.sync();
      effects.begin(progress, now);
      effects.run(first.effects());
      RoundState state = first.next();
      while (!over(state)) {
        snapshots.show(progress, state);
        state = handle(queue.take(), state, journal);
      }
      return state;
    }
  }

  /** Takes one event and what is queued behind it, so that they share one sync. */
  private RoundState handle(Submission first, RoundState before, FileJournal journal)
      throws IOException {
    List<Submission> batch = new ArrayList<>();
    List<RoundStep> steps = new ArrayList<>();
    RoundState state = before;
    boolean durable = false;
    try {
      for (Submission next = first; next != null; next = following(state, batch)) {
        batch.add(next);
        RoundEvent event = next.event().apply(parts.shared().clock().instant());
        RoundStep step = machine.handle(state, event);
        if (!step.next().equals(state)) {
          journal.append(event);
        }
        durable |= step.effects().stream().anyMatch(RoundEffect.Persist.class::isInstance);
        steps.add(step);
        state = step.next();
      }
      if (durable) {
        journal.sync();
      }
      for (RoundStep step : steps) {
        effects.run(step.effects());
      }
      // What is answered is visible: a site that asks for work at once finds it.
      for (int i = 0; i < steps.size(); i++) {
        batch.get(i).answer().complete(answer(steps.get(i)));
      }
      return state;
    } finally {
      // Whoever has no answer by now gets none of this job: it cannot go on.
      batch.forEach(submission -> submission.answer().complete(new Answer.Unavailable()));
    }
  }

  /** The next event of this batch; what comes after a round's end is for the next round. */
  private @Nullable Submission following(RoundState state, List<Submission> batch) {
    return over(state) || batch.size() >= MAX_BATCH ? null : queue.poll();
  }

  private static Answer answer(RoundStep step) {
    for (RoundEffect effect : step.effects()) {
      if (effect instanceof RoundEffect.Reject reject) {
        return new Answer.Rejected(reject.rejection(), reject.detail());
      }
    }
    return new Answer.Taken();
  }

  private JobProgress.Next after(JobProgress progress, RoundState last) throws IOException {
    List<Fingerprint> convicted = last.attendance().convicted();
    return switch (last) {
      case RoundState.Published published -> {
        JobProgress reached = effects.published().convicting(convicted);
        snapshots.show(reached, last);
        yield reached.afterPublished(job.manifest());
      }
      case RoundState.Aborted aborted -> {
        JobProgress reached = progress.convicting(convicted);
        snapshots.show(reached, last);
        yield reached.afterGivenUp(job.manifest(), aborted.reason(), aborted.spent());
      }
      case RoundState.Recruiting r -> throw new IllegalStateException("not over: " + r);
      case RoundState.Training t -> throw new IllegalStateException("not over: " + t);
      case RoundState.InAttempt a -> throw new IllegalStateException("not over: " + a);
    };
  }

  private void end(JobState state, Optional<AbortReason> reason) {
    log.info("job {}: {}{}", job.id(), state, reason.map(r -> " (" + r + ")").orElse(""));
    snapshots.end(state, reason);
    effects.end(snapshots, parts.shared().clock().instant());
    refuseQueued(new Answer.JobOver());
    try {
      effects.forgetSecrets();
    } catch (IOException e) {
      log.error("job {}: its uploads and journals could not be deleted", job.id(), e);
    }
  }

  private void refuseQueued(Answer answer) {
    for (Submission left = queue.poll(); left != null; left = queue.poll()) {
      left.answer().complete(answer);
    }
  }

  private static boolean over(RoundState state) {
    return state instanceof RoundState.Published || state instanceof RoundState.Aborted;
  }

  private Map<Fingerprint, Presence> byKey(Map<SiteId, Presence> sites) {
    Map<Fingerprint, Presence> known = new HashMap<>();
    for (Member member : job.manifest().consortium().members()) {
      Presence presence = sites.get(member.site());
      if (presence != null) {
        known.put(member.signingKey(), presence);
      }
    }
    return known;
  }

  /**
   * Members of this job that come and go. A pause between two calls is no absence, so a site's
   * polls cause no events, and no site can cause more than a few a second.
   */
  private final class PresenceFeed implements CallRegister.Listener {
    private final Map<SiteId, Timers.Alarm> leaving = new HashMap<>();

    @Override
    public synchronized void came(SiteId site) {
      Timers.Alarm alarm = leaving.remove(site);
      if (alarm == null) {
        job.member(site).ifPresent(m -> post(at -> new RoundEvent.SiteCame(m.signingKey(), at)));
      } else {
        alarm.cancel();
      }
    }

    @Override
    public synchronized void went(SiteId site) {
      Instant absent = parts.shared().clock().instant().plus(BETWEEN_CALLS);
      leaving.put(site, parts.shared().timers().schedule(absent, () -> stayedAway(site)));
    }

    private synchronized void stayedAway(SiteId site) {
      if (leaving.remove(site) != null) {
        job.member(site).ifPresent(m -> post(at -> new RoundEvent.SiteWent(m.signingKey(), at)));
      }
    }
  }
}
