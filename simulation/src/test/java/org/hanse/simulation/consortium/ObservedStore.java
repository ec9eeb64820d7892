package org.hanse.simulation.consortium;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.coordinator.storage.JobStore;
import org.hanse.coordinator.storage.RoundJournal;
import org.hanse.coordinator.storage.StoredJob;
import org.hanse.coordinator.storage.StoredRound;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.simulation.world.SimulatedProcess;
import org.hanse.wire.value.JobEventEntry;

/**
 * A store as one process uses it: fails as it is told to, and says what was committed.
 *
 * @param process that must not reach it any more once it was killed
 */
record ObservedStore(JobStore real, SimulatedProcess process, StoreFaults faults, Facts facts)
    implements JobStore {

  /** What a database does beside its work. */
  interface StoreFaults {
    /** Lets a transaction begin, or not. */
    void before() throws IOException;

    /** A transaction is about to commit; may end the process that calls. */
    void beforeCommit();

    /** It has committed and nobody knows yet. */
    void afterCommit();
  }

  private JobStore open() throws IOException {
    if (!process.alive()) {
      throw new IOException("the process is dead");
    }
    faults.before();
    return real;
  }

  @Override
  public boolean create(JobDescription job, Instant at) throws IOException {
    return open().create(job, at);
  }

  @Override
  public List<StoredJob> jobs() throws IOException {
    return open().jobs();
  }

  @Override
  public Optional<StoredJob> job(JobId job) throws IOException {
    return open().job(job);
  }

  @Override
  public void write(JobId job, Instant at, List<JobChange> changes) throws IOException {
    JobStore store = open();
    faults.beforeCommit();
    store.write(job, at, changes);
    facts.stored(changes);
    faults.afterCommit();
  }

  @Override
  public Optional<RoundJournal> journal(JobId job) throws IOException {
    return open().journal(job);
  }

  @Override
  public List<StoredRound> rounds(JobId job) throws IOException {
    return open().rounds(job);
  }

  @Override
  public List<JobEventEntry> history(JobId job, long fromSequence, int limit) throws IOException {
    return open().history(job, fromSequence, limit);
  }

  @Override
  public Set<Hash> models(JobId job) throws IOException {
    return open().models(job);
  }

  @Override
  public void delete(JobId job) throws IOException {
    open().delete(job);
  }
}
