package org.hanse.coordinator.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.job.JobHistory;
import org.hanse.coordinator.round.RoundMachine;
import org.hanse.coordinator.storage.AuditStore;
import org.hanse.coordinator.storage.JobFiles;
import org.hanse.coordinator.storage.ModelStore;
import org.hanse.coordinator.storage.Staging;
import org.hanse.coordinator.storage.SumStore;
import org.hanse.coordinator.storage.TranscriptStore;
import org.hanse.coordinator.storage.UploadStore;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.Member;
import org.hanse.core.secagg.coordinator.AggregationMachine;
import org.hanse.core.vector.Chunking;

/** All jobs of this coordinator. Several run at once, each on a thread of its own. Thread-safe. */
public final class Jobs implements AutoCloseable {
  /** Jobs that may run at once. */
  public static final int MAX_RUNNING = 64;

  /** Jobs of one user that may run at once: no user can keep the others out. */
  public static final int MAX_RUNNING_OF_USER = 32;

  /** Jobs that are over and still shown; a site's poll can name twice as many. */
  public static final int MAX_ENDED = 500;

  /** How long {@link #close} waits for the loops. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final Path dataDirectory;
  private final SigningKey signingKey;
  private final JobParts.Shared shared;
  private final Map<JobId, RunningJob> jobs = new LinkedHashMap<>();
  private final Map<JobId, Thread> threads = new HashMap<>();
  private boolean closed;

  /** What came of a submission. */
  public enum Admission {
    CREATED,
    /** This very job was there already. */
    KNOWN,
    /** Another job has this id. */
    EXISTS,
    /** As many jobs run as may, of all users or of this one. */
    FULL
  }

  public Jobs(Path dataDirectory, SigningKey signingKey, JobParts.Shared shared) {
    this.dataDirectory = dataDirectory;
    this.signingKey = signingKey;
    this.shared = shared;
  }

  /** Whether a submission of this job would be anything new. */
  public synchronized Admission inquire(JobDescription job) {
    RunningJob known = jobs.get(job.id());
    if (known != null) {
      return known.description().sameSubmission(job) ? Admission.KNOWN : Admission.EXISTS;
    }
    List<RunningJob> running =
        jobs.values().stream().filter(other -> !other.snapshots().ended()).toList();
    long sameUser =
        running.stream().filter(other -> other.description().owner().equals(job.owner())).count();
    return closed || running.size() >= MAX_RUNNING || sameUser >= MAX_RUNNING_OF_USER
        ? Admission.FULL
        : Admission.CREATED;
  }

  /** A place for the initial model of a job that may come. */
  public Staging stage(JobDescription job) throws IOException {
    return Staging.create(dataDirectory, job.manifest().layout().parameterCount() * Float.BYTES);
  }

  /**
   * Starts a job whose initial model is complete and has the hash that the manifest names.
   *
   * @return {@code CREATED} only for the one submission that started it
   */
  public Admission admit(JobDescription job, Staging staged) throws IOException {
    staged.complete(job.exactBytes()); // not under the lock: every call of every site needs it
    synchronized (this) {
      return admitComplete(job, staged);
    }
  }

  private Admission admitComplete(JobDescription job, Staging staged) throws IOException {
    Admission admission = inquire(job);
    if (admission != Admission.CREATED) {
      return admission;
    }
    JobFiles files = JobFiles.of(dataDirectory, job.id());
    if (!staged.publish(files)) {
      return Admission.EXISTS;
    }
    dropOldest();
    RunningJob running = start(job, files);
    jobs.put(job.id(), running);
    Thread thread = Thread.ofVirtual().name("job-" + job.id()).unstarted(running.loop());
    threads.put(job.id(), thread);
    thread.start();
    return Admission.CREATED;
  }

  /** Makes room: the job that was submitted first among those that ended goes, with its files. */
  private void dropOldest() throws IOException {
    List<RunningJob> ended = jobs.values().stream().filter(job -> job.snapshots().ended()).toList();
    if (ended.size() < MAX_ENDED) {
      return;
    }
    RunningJob oldest = ended.getFirst();
    JobId id = oldest.description().id();
    jobs.remove(id);
    threads.remove(id);
    for (Member member : oldest.description().manifest().consortium().members()) {
      shared.board().clear(member.site(), id);
    }
    oldest.files().paths().delete();
  }

  public synchronized Optional<RunningJob> find(JobId job) {
    return Optional.ofNullable(jobs.get(job));
  }

  /** In the order in which they were admitted. */
  public synchronized List<RunningJob> all() {
    return new ArrayList<>(jobs.values());
  }

  /** Stops every loop; running jobs stay where they are. */
  @Override
  public void close() {
    List<Thread> running;
    synchronized (this) {
      closed = true;
      running = new ArrayList<>(threads.values());
    }
    running.forEach(Thread::interrupt);
    try {
      long limit = System.nanoTime() + STOP_LIMIT.toNanos();
      for (Thread thread : running) {
        thread.join(Duration.ofNanos(Math.max(1, limit - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private RunningJob start(JobDescription job, JobFiles paths) {
    Chunking chunking = UpdateEncoding.of(job.manifest()).chunking();
    UploadStore uploads = new UploadStore(paths, chunking);
    JobParts.Files files =
        new JobParts.Files(
            paths,
            new ModelStore(paths),
            uploads,
            new SumStore(paths, chunking),
            new AuditStore(uploads),
            new TranscriptStore(paths));
    RoundMachine machine =
        new RoundMachine(new AggregationMachine(job.manifest(), job.planHash(), signingKey));
    JobLoop loop = new JobLoop(job, new JobParts(shared, files), machine, new JobHistory());
    return new RunningJob(loop, files);
  }
}
