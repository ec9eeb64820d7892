package org.hanse.coordinator.storage;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.wire.value.JobEventEntry;

/**
 * What the coordinator knows of its jobs. Every method is one transaction: all of it happens or
 * nothing, and what has returned is on the disk. Thread-safe; one coordinator at a time.
 */
public interface JobStore {

  /**
   * A new job at its start, with its initial model in use.
   *
   * @return false if there is a job of this id; then nothing changed
   */
  boolean create(JobDescription job, Instant at) throws IOException;

  /** In the order in which they were created. */
  List<StoredJob> jobs() throws IOException;

  /** Empty if there is none of this id. */
  Optional<StoredJob> job(JobId job) throws IOException;

  /**
   * All of {@code changes}, in their order.
   *
   * @param at when; becomes the job's {@link StoredJob#changedAt}
   * @throws IllegalArgumentException if there is no such job
   */
  void write(JobId job, Instant at, List<JobChange> changes) throws IOException;

  /** The newest round with its events; empty before the first. */
  Optional<RoundJournal> journal(JobId job) throws IOException;

  /** Ascending. */
  List<StoredRound> rounds(JobId job) throws IOException;

  /**
   * A part of the job's history.
   *
   * @param fromSequence from 1
   * @param limit at most so many, the first ones
   */
  List<JobEventEntry> history(JobId job, long fromSequence, int limit) throws IOException;

  /** Models that something refers to; no other is needed. */
  Set<Hash> models(JobId job) throws IOException;

  /** Forgets the job wholly; nothing happens if there is none. */
  void delete(JobId job) throws IOException;
}
