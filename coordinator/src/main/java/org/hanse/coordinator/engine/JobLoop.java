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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.hanse.coordinator.job.CallRegister;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.round.Presence;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.coordinator.round.RoundMachine;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.coordinator.storage.StoredJob;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Member;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.coordinator.AggregationMachine;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobOrder;
import org.hanse.wire.value.JobStanding;
import org.hanse.wire.value.JobState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of one job: takes events from one queue, has them stored, and only then answers. When
 * the store fails, nobody is answered and the job goes on from what is stored as soon as it can.
 */
public final class JobLoop {
  private static final Logger log = LoggerFactory.getLogger(JobLoop.class);

  /** Far above what all members can have in flight at once. */
  private static final int MAX_QUEUED_EVENTS = 10_000;

  /** A site without a call for so long is away. */
  private static final Duration BETWEEN_CALLS = Duration.ofMillis(500);

  /** Events that share one transaction. */
  private static final int MAX_BATCH = 64;

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** A store that fails for longer ends the job. */
  private static final Duration STORAGE_PATIENCE = Duration.ofHours(1);

  private final JobDescription job;
  private final JobParts parts;
  private final SigningKey signingKey;
  private final BlockingQueue<Submission> queue = new LinkedBlockingQueue<>();
  private final JobSnapshots snapshots;
  private final CountDownLatch begun = new CountDownLatch(1);
  private volatile boolean taking = true;
  private volatile boolean stopping;
  private @Nullable Thread thread;

  private record Submission(JobInput input, CompletableFuture<Answer> answer) {}

  public JobLoop(JobParts parts, SigningKey signingKey, JobSnapshots snapshots) {
    this.job = snapshots.job();
    this.parts = parts;
    this.signingKey = signingKey;
    this.snapshots = snapshots;
  }

  /** What others may know of the job at any time. */
  public JobSnapshots snapshots() {
    return snapshots;
  }

  /** A site's event; the answer comes when it is durable and its effects have run. */
  public CompletableFuture<Answer> submit(Function<Instant, RoundEvent> event) {
    return submit(new JobInput.Happened(event));
  }

  /** What somebody wants; the answer comes when it is durable and holds. */
  public CompletableFuture<Answer> order(JobInput.Command command, JobOrder order) {
    return submit(new JobInput.Ordered(command, order));
  }

  private CompletableFuture<Answer> submit(JobInput input) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    if (queue.size() >= MAX_QUEUED_EVENTS) {
      answer.complete(new Answer.Overloaded());
    } else {
      enqueue(new Submission(input, answer));
    }
    return answer;
  }

  /** An event that waits for no answer and must not be lost. */
  private void post(Function<Instant, RoundEvent> event) {
    post(new JobInput.Happened(event));
  }

  private void post(JobInput input) {
    enqueue(new Submission(input, new CompletableFuture<>()));
  }

  private void enqueue(Submission submission) {
    queue.add(submission);
    // The loop may have looked at the queue for the last time.
    if (snapshots.ended()) {
      refuseQueued(new Answer.JobOver());
    } else if (!taking) {
      refuseQueued(new Answer.Unavailable());
    }
  }

  /** Goes on with the job where its journal ends; once. */
  public synchronized void start() {
    thread = parts.shared().threads().start("job-" + job.id(), this::run);
  }

  /** Returns when the job stands where it stood, or its files cannot be used. */
  public void awaitBegun() throws InterruptedException {
    begun.await();
  }

  /** Takes nothing more; the job stays where it is. Returns at once. */
  public synchronized void stop() {
    stopping = true;
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** Waits until a stopped loop has ended, at most so long. */
  public void awaitEnd(Duration limit) throws InterruptedException {
    Thread running;
    synchronized (this) {
      running = thread;
    }
    if (running != null) {
      parts.shared().threads().join(running, limit);
    }
  }

  private void run() {
    RoundMachine machine =
        new RoundMachine(new AggregationMachine(job.manifest(), job.planHash(), signingKey));
    Outage outage = new Outage();
    try {
      while (!snapshots.ended() && !stopping) {
        Optional<Duration> pause = runStored(machine, outage);
        if (pause.isPresent()) {
          parts.shared().threads().sleep(pause.get());
        }
      }
    } catch (InterruptedException e) {
      log.debug("stopped while the store cannot be used");
    } finally {
      taking = false;
      begun.countDown();
      refuseQueued(snapshots.ended() ? new Answer.JobOver() : new Answer.Unavailable());
    }
    if (!snapshots.ended()) {
      log.info("job {}: stopped with the coordinator", job.id());
    }
  }

  /** Goes on from what is stored; where the store fails, the answer is when to try again. */
  private Optional<Duration> runStored(RoundMachine machine, Outage outage) {
    EffectRunner effects = new EffectRunner(job, parts, this::post);
    PresenceFeed feed = new PresenceFeed();
    Map<Fingerprint, Presence> known = byKey(parts.shared().calls().follow(feed));
    JobRun run = new JobRun(parts, machine, snapshots, effects, this::post);
    taking = true; // also what happens while the run begins
    try {
      run.begin(stored(), known);
      run.advance();
      outage.over();
      begun.countDown();
      while (!snapshots.ended()) {
        handle(run, queue.take());
      }
      return Optional.empty();
    } catch (InterruptedException | ClosedByInterruptException e) {
      stopping = true;
      return Optional.empty();
    } catch (IOException e) {
      return pause(outage, e, effects);
    } catch (Throwable e) {
      // Whatever it is, nobody may wait for this job any longer.
      log.error("job {}: a defect, or no memory", job.id(), e);
      fail(effects, AbortReason.COORDINATOR_FAILED);
      throw e;
    } finally {
      parts.shared().calls().unfollow(feed);
      effects.stop();
      run.abandon();
    }
  }

  /** How long the store has failed. */
  private static final class Outage {
    private Optional<Instant> since = Optional.empty();
    private Duration pause = FIRST_PAUSE;

    void over() {
      since = Optional.empty();
      pause = FIRST_PAUSE;
    }

    /** The pause before the next try; empty if there is none. */
    Optional<Duration> next(Instant now) {
      Instant began = since.orElse(now);
      since = Optional.of(began);
      Duration before = pause;
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
      return now.isBefore(began.plus(STORAGE_PATIENCE)) ? Optional.of(before) : Optional.empty();
    }
  }

  /** How long to wait, unless the job has ended after too long. Who asks is told to try again. */
  private Optional<Duration> pause(Outage outage, IOException cause, EffectRunner effects) {
    taking = false;
    begun.countDown();
    refuseQueued(new Answer.Unavailable());
    if (stopping) {
      return Optional.empty();
    }
    log.error("job {}: cannot go on until its files can be used", job.id(), cause);
    snapshots.stall();
    Optional<Duration> pause = outage.next(parts.shared().clock().instant());
    if (pause.isEmpty()) {
      fail(effects, AbortReason.COORDINATOR_STORAGE);
    }
    return pause;
  }

  /** Ends the job as it is stored; in this process also where that cannot be stored. */
  private void fail(EffectRunner effects, AbortReason reason) {
    JobStanding failed = JobStanding.of(JobState.FAILED, reason);
    try {
      StoredJob stored = stored();
      Instant now = parts.shared().clock().instant();
      long sequence = stored.lastSequence() + 1;
      JobEventValue end =
          new JobEventValue.Finished(
              failed, stored.progress().model(), stored.progress().publishedRounds());
      parts
          .shared()
          .store()
          .write(
              job.id(),
              now,
              List.of(
                  new JobChange.Reported(new JobEventEntry(sequence, now.toEpochMilli(), end))));
      snapshots.history().show(sequence, true);
    } catch (IOException | RuntimeException e) {
      log.error("job {}: its end could not be stored", job.id(), e);
    }
    snapshots.end(failed);
    effects.end(snapshots.summary());
  }

  private StoredJob stored() throws IOException {
    return parts
        .shared()
        .store()
        .job(job.id())
        .orElseThrow(() -> new IOException("job " + job.id() + " is not stored"));
  }

  /** Takes one event and what is queued behind it, so that they share one transaction. */
  private void handle(JobRun run, Submission first) throws IOException {
    List<Submission> batch = new ArrayList<>();
    try {
      for (Submission next = first; next != null; next = following(run, batch)) {
        batch.add(next);
        run.take(next.input());
      }
      run.finish();
      run.advance();
      // What is answered is visible: a site that asks for work at once finds it.
      List<Answer> answers = run.answers();
      for (int i = 0; i < answers.size(); i++) {
        batch.get(i).answer().complete(answers.get(i));
      }
    } finally {
      // Whoever has no answer by now gets none of this run: it cannot go on.
      batch.forEach(submission -> submission.answer().complete(new Answer.Unavailable()));
    }
  }

  /** The next event of this batch; what comes after a round's end is for the next round. */
  private @Nullable Submission following(JobRun run, List<Submission> batch) {
    return run.roundOver() || batch.size() >= MAX_BATCH ? null : queue.poll();
  }

  private void refuseQueued(Answer answer) {
    for (Submission left = queue.poll(); left != null; left = queue.poll()) {
      left.answer().complete(answer);
    }
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
