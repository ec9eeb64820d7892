package org.hanse.client.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.hanse.client.session.Positions;
import org.hanse.core.plan.JobId;
import org.hanse.wire.status.ErrorReason.Duty;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a site: asks for work without end and gives each job's to the job's own thread, so that a
 * long training or upload of one job delays no other, and the coordinator always sees a call of
 * this site.
 */
public final class SiteAgent {
  private static final Logger LOG = LoggerFactory.getLogger(SiteAgent.class);

  /** How long a stopping job may take to erase its secrets. */
  private static final Duration STOP_TIME = Duration.ofSeconds(2);

  private final SiteStores stores;
  private final AgentPorts ports;
  private final Drain drain = new Drain(this::stop);

  /** Jobs in whose rounds the journal says this site is, and the coordinator has not spoken of. */
  private final Set<JobId> unheard;

  private final CoordinatorLink link;
  private final Threads threads;
  private final Site site;
  private final Map<JobId, Thread> jobThreads = new HashMap<>();
  private final Map<JobId, JobRunner> runners = new HashMap<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean stopping;
  private volatile @Nullable Thread loop;

  /**
   * Starts nothing. What is given stays its owner's to close, but for the trainer: {@link #run}
   * closes it, or leaves it alone for good if it is still at work.
   */
  public SiteAgent(Site site, SiteStores stores, AgentPorts ports) {
    this.site = site;
    this.stores = stores;
    this.ports = ports;
    this.threads = ports.threads();
    this.link =
        new CoordinatorLink(ports.coordinator(), site, ports.events(), threads, ports.jitter());
    this.unheard = stores.jobsInARound();
    unheard.forEach(job -> drain.standing(job, true));
  }

  /**
   * Runs until {@link #stop}.
   *
   * @throws CoordinatorException if the coordinator refuses this site for good
   * @throws IOException if this site's own files fail
   */
  public void run() throws CoordinatorException, IOException {
    loop = Thread.currentThread();
    try (TrainingRoom room = new TrainingRoom(site, ports.trainer(), threads)) {
      stores.tidy(threads.instant());
      room.warmUp();
      try {
        takeWork(new JobRunner.Shared(site, stores, ports, link, room, drain));
      } finally {
        stopJobs(); // before the room closes: they erase their secrets, whatever still trains
      }
    } catch (InterruptedException e) {
      LOG.debug("the loop was interrupted");
    } catch (GaveUpException e) {
      throw new IllegalStateException("the loop gave up", e);
    }
    switch (failure.get()) {
      case null -> {}
      case IOException e -> throw e;
      case Error e -> throw e;
      case RuntimeException e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  /** Ends {@link #run}; may be called from any thread, also before it runs. */
  public void stop() {
    stopping = true;
    Thread running = loop;
    if (running != null) {
      running.interrupt();
    }
  }

  /**
   * Ends {@link #run} as soon as this site is in no round; until then it begins none. May be called
   * from any thread.
   */
  public void drain() {
    ports.events().draining();
    drain.request();
  }

  private void takeWork(JobRunner.Shared shared)
      throws CoordinatorException, GaveUpException, InterruptedException, IOException {
    Positions positions = Positions.NONE;
    Backoff idle = new Backoff(ports.jitter());
    while (!stopping) {
      Positions named = positions;
      Optional<Work> work;
      try {
        work =
            link.call(
                Patience.unlimited(threads),
                coordinator -> coordinator.nextWork(named.all(), link.pollTime()));
      } catch (CoordinatorException e) {
        if (e.duty() == Duty.FIX) {
          throw e;
        }
        LOG.warn("asking for work again: {}", e.getMessage());
        threads.sleep(idle.next());
        continue;
      }
      if (work.isEmpty()) {
        // All that there is for this site was given before: these rounds are over.
        unheard.forEach(job -> drain.standing(job, false));
        unheard.clear();
        continue;
      }
      Optional<Positions> taken = positions.take(work.get());
      if (taken.isEmpty()) {
        LOG.warn("{} is not beyond what was taken already", work.get().position());
        threads.sleep(idle.next());
        continue;
      }
      positions = taken.get();
      unheard.remove(work.get().position().job());
      idle = new Backoff(ports.jitter());
      dispatch(work.get(), shared);
    }
  }

  private void dispatch(Work work, JobRunner.Shared shared) {
    JobId job = work.position().job();
    boolean ended = work.content() instanceof WorkContent.JobEnded;
    JobRunner runner = runners.get(job);
    if (runner == null) {
      if (ended && shared.stores().memory(job).records().isEmpty()) {
        return; // over before this site knew of it
      }
      JobRunner started = new JobRunner(job, shared);
      runners.put(job, started);
      jobThreads.put(job, threads.start("job-" + job, () -> runToEnd(started)));
      runner = started;
    }
    drain.standing(job, true); // until the runner has looked at it
    runner.offer(work);
    if (ended) {
      // It ends by itself; its thread stays listed until it has.
      runners.remove(job);
      jobThreads.values().removeIf(thread -> !thread.isAlive());
    }
  }

  private void runToEnd(JobRunner runner) {
    try {
      runner.run();
    } catch (InterruptedException e) {
      LOG.debug("a job was interrupted");
    } catch (IOException | RuntimeException | Error e) {
      if (failure.compareAndSet(null, e)) {
        stop();
      }
    }
  }

  private void stopJobs() {
    jobThreads.values().forEach(Thread::interrupt);
    long end = threads.nanoTime() + STOP_TIME.toNanos();
    boolean interrupted = Thread.interrupted();
    for (Thread thread : jobThreads.values()) {
      try {
        Duration left = Duration.ofNanos(Math.max(1, end - threads.nanoTime()));
        if (!threads.join(thread, left)) {
          LOG.info("{} is still at work; its attempt ends with this process", thread.getName());
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted && !stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
