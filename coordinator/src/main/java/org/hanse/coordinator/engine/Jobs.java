package org.hanse.coordinator.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.storage.AuditStore;
import org.hanse.coordinator.storage.JobFiles;
import org.hanse.coordinator.storage.ModelStore;
import org.hanse.coordinator.storage.Staging;
import org.hanse.coordinator.storage.StorageException;
import org.hanse.coordinator.storage.StoredJob;
import org.hanse.coordinator.storage.SumStore;
import org.hanse.coordinator.storage.TranscriptStore;
import org.hanse.coordinator.storage.UploadStore;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.Member;
import org.hanse.core.vector.Chunking;
import org.hanse.wire.value.JobStanding;
import org.hanse.wire.value.WorkContent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All jobs of this coordinator. Several run at once, each on a thread of its own. Thread-safe. */
public final class Jobs implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Jobs.class);

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

  /**
   * All jobs that are stored, those that run from where they stood. Before anybody is served.
   *
   * @throws StorageException if a job's files are not where they were
   * @throws IOException also if a running job's manifest names another coordinator than this one
   */
  public synchronized void recover() throws IOException, InterruptedException {
    List<RunningJob> started = new ArrayList<>();
    for (StoredJob stored : shared.store().jobs()) {
      JobId id = stored.description().id();
      JobFiles files = JobFiles.of(dataDirectory, id);
      if (!files.exists() && shared.store().rounds(id).isEmpty()) {
        // Never acknowledged: the coordinator stopped in the middle of the submission.
        log.warn("job {} was never submitted wholly and is forgotten", id);
        shared.store().delete(id);
        continue;
      }
      RunningJob job = job(stored, files);
      jobs.put(id, job);
      JobStanding standing = stored.standing();
      if (standing.ended()) {
        // Members that were away when it ended hear of it.
        shared
            .board()
            .end(
                job.description().manifest(),
                WorkBoard.Last.of(stored.progress()),
                new WorkContent.JobEnded(standing.state(), standing.reason()));
        // Whoever was to audit the last sum had no coordinator to ask.
        RoundFiles.forgetAudit(files, stored.progress().round(), shared);
      } else {
        requireUsable(stored, files);
        started.add(job);
      }
    }
    started.forEach(job -> job.loop().start());
    for (RunningJob job : started) {
      job.loop().awaitBegun();
    }
    shared.turns().open();
  }

  /** Nothing of the job is lost: it goes on once it is given what it needs. */
  private void requireUsable(StoredJob stored, JobFiles files) throws IOException {
    JobId id = stored.description().id();
    if (!files.exists()) {
      throw new StorageException(
          StorageException.Code.DAMAGED,
          "the files of job %s, which runs, are not in %s; give the coordinator the data directory"
                  .formatted(id, files.directory())
              + " that belongs to its database");
    }
    Fingerprint pinned = stored.description().manifest().consortium().coordinator();
    if (!pinned.equals(signingKey.fingerprint())) {
      throw new IOException(
          "job %s, which runs, names the coordinator's signing key %s, and this one's is %s; give"
                  .formatted(id, pinned, signingKey.fingerprint())
              + " the coordinator the key that the job was submitted with");
    }
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
    if (files.exists()) {
      return Admission.EXISTS; // of another database, or of a job that is being deleted
    }
    dropOldest();
    shared.store().create(job, shared.clock().instant());
    publish(job, staged, files);
    StoredJob stored = shared.store().job(job.id()).orElseThrow();
    RunningJob running = job(stored, files);
    jobs.put(job.id(), running);
    running.loop().start();
    return Admission.CREATED;
  }

  private void publish(JobDescription job, Staging staged, JobFiles files) throws IOException {
    try {
      staged.publish(files);
    } catch (IOException e) {
      shared.store().delete(job.id());
      throw e;
    }
  }

  /** Makes room: the job that was submitted first among those that ended goes, with its files. */
  private void dropOldest() throws IOException {
    List<RunningJob> ended = jobs.values().stream().filter(job -> job.snapshots().ended()).toList();
    if (ended.size() < MAX_ENDED) {
      return;
    }
    drop(ended.getFirst());
  }

  private void drop(RunningJob ended) throws IOException {
    JobId id = ended.description().id();
    jobs.remove(id);
    for (Member member : ended.description().manifest().consortium().members()) {
      shared.board().clear(member.site(), id);
    }
    ended.files().paths().delete();
    shared.store().delete(id);
  }

  /** Jobs that have been over for longer than {@code age} go, with their files. */
  public void dropEnded(Duration age) throws IOException {
    Instant before = shared.clock().instant().minus(age);
    for (StoredJob stored : shared.store().jobs()) { // not under the lock, as in admit
      if (stored.standing().ended() && stored.since().isBefore(before)) {
        log.info("job {} ended {} and is forgotten", stored.description().id(), stored.since());
        synchronized (this) {
          RunningJob ended = jobs.get(stored.description().id());
          if (ended != null) {
            drop(ended);
          }
        }
      }
    }
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
    List<RunningJob> running;
    synchronized (this) {
      closed = true;
      running = List.copyOf(jobs.values());
    }
    running.forEach(job -> job.loop().stop());
    try {
      Instant limit = shared.clock().instant().plus(STOP_LIMIT);
      for (RunningJob job : running) {
        Duration left = Duration.between(shared.clock().instant(), limit);
        job.loop().awaitEnd(left.isPositive() ? left : Duration.ofNanos(1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private RunningJob job(StoredJob stored, JobFiles paths) {
    JobDescription job = stored.description();
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
    JobSnapshots snapshots =
        new JobSnapshots(stored, new JobHistory(shared.store(), stored), shared.turns());
    JobLoop loop = new JobLoop(new JobParts(shared, files), signingKey, snapshots);
    return new RunningJob(loop, files);
  }
}
