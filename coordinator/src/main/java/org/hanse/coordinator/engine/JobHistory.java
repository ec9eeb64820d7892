package org.hanse.coordinator.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.hanse.coordinator.storage.JobStore;
import org.hanse.coordinator.storage.StoredJob;
import org.hanse.core.plan.JobId;
import org.hanse.wire.value.JobEventEntry;

/** What has happened to a job, as it is stored, for those who wait for more. Thread-safe. */
public final class JobHistory {
  /** Entries in memory at once. */
  private static final int PAGE_ENTRIES = 256;

  private final JobStore store;
  private final JobId job;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private long lastSequence;
  private boolean finished;

  public JobHistory(JobStore store, StoredJob stored) {
    this.store = store;
    this.job = stored.description().id();
    this.lastSequence = stored.lastSequence();
    this.finished = stored.standing().ended();
  }

  /**
   * Entries up to this one are stored.
   *
   * @param last whether none follows
   */
  public void show(long sequence, boolean last) {
    lock.lock();
    try {
      lastSequence = sequence;
      finished = last;
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Some events from a number on; waits up to {@code patience} for the first of them.
   *
   * @param fromSequence from 1
   * @return empty if none came, or none will come any more
   */
  public List<JobEventEntry> await(long fromSequence, Duration patience)
      throws InterruptedException, IOException {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (lastSequence < fromSequence && !finished && left > 0) {
        left = grown.awaitNanos(left);
      }
      if (lastSequence < fromSequence) {
        return List.of();
      }
    } finally {
      lock.unlock();
    }
    return store.history(job, fromSequence, PAGE_ENTRIES);
  }

  /** Whether nothing will follow the event before {@code sequence}. */
  public boolean endsBefore(long sequence) {
    lock.lock();
    try {
      return finished && sequence > lastSequence;
    } finally {
      lock.unlock();
    }
  }
}
