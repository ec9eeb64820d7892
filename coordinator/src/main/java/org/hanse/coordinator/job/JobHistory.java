package org.hanse.coordinator.job;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;

/** What has happened to a job, numbered from 1 without gaps. Thread-safe. */
public final class JobHistory {
  /** Later stages and departures are left out; rounds and the end are always kept. */
  static final int MAX_DETAILED_EVENTS = 1 << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private final List<JobEventEntry> entries = new ArrayList<>();
  private boolean finished;

  /**
   * Adds an event.
   *
   * @throws IllegalStateException after the last one, {@link JobEventValue.Finished}
   */
  public void append(JobEventValue event, Instant at) {
    lock.lock();
    try {
      if (finished) {
        throw new IllegalStateException("the job is over");
      }
      if (entries.size() >= MAX_DETAILED_EVENTS && isDetail(event)) {
        return;
      }
      entries.add(new JobEventEntry(entries.size() + 1L, at.toEpochMilli(), event));
      finished = event instanceof JobEventValue.Finished;
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The events from a number on; waits up to {@code patience} for the first of them.
   *
   * @param fromSequence from 1
   * @return empty if none came, or none will come any more
   */
  public List<JobEventEntry> await(long fromSequence, Duration patience)
      throws InterruptedException {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (entries.size() < fromSequence && !finished && left > 0) {
        left = grown.awaitNanos(left);
      }
      return entries.size() < fromSequence
          ? List.of()
          : List.copyOf(entries.subList((int) fromSequence - 1, entries.size()));
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing will follow the event before {@code sequence}. */
  public boolean endsBefore(long sequence) {
    lock.lock();
    try {
      return finished && sequence > entries.size();
    } finally {
      lock.unlock();
    }
  }

  private static boolean isDetail(JobEventValue event) {
    return switch (event) {
      case JobEventValue.StageReached stage -> true;
      case JobEventValue.SiteLeft left -> true;
      case JobEventValue.RoundPublished published -> false;
      case JobEventValue.AttemptAborted aborted -> false;
      case JobEventValue.ShareRefused refused -> false;
      case JobEventValue.DealerConvicted convicted -> false;
      case JobEventValue.Finished end -> false;
    };
  }
}
