package org.hanse.coordinator.storage.sql;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.coordinator.storage.JobChange.ModelUse;
import org.hanse.coordinator.storage.JobStore;
import org.hanse.coordinator.storage.RoundJournal;
import org.hanse.coordinator.storage.StoredJob;
import org.hanse.coordinator.storage.StoredRound;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobStanding;
import org.jdbi.v3.core.Handle;

/** Jobs in tables. */
final class SqlJobStore implements JobStore {
  private final Transactions transactions;

  SqlJobStore(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public boolean create(JobDescription job, Instant at) throws IOException {
    return transactions.write(transaction -> create(transaction, job, at));
  }

  private static boolean create(Handle transaction, JobDescription job, Instant at) {
    JobProgress start = JobProgress.start(job.manifest());
    int created =
        transaction.execute(
            "INSERT INTO job (id, position, manifest, plan_hash, owner, state, round, model,"
                + " published_rounds, discarded_rounds, priority, last_sequence,"
                + " changed_seconds, changed_nanos, since_seconds, since_nanos)"
                + " VALUES (?, (SELECT COALESCE(MAX(position), 0) + 1 FROM job),"
                + " ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            job.id().value(),
            job.exactBytes().toByteArray(),
            job.planHash().toHex(),
            job.owner(),
            JobStanding.QUEUED.state().name(),
            start.round().round(),
            start.model().toHex(),
            start.publishedRounds(),
            start.discarded(),
            job.priority().name(),
            at.getEpochSecond(),
            at.getNano(),
            at.getEpochSecond(),
            at.getNano());
    if (created == 0) {
      return false;
    }
    ChangeWriter.use(transaction, job.id(), ModelUse.INITIAL, start.model());
    ChangeWriter.use(transaction, job.id(), ModelUse.NEWEST, start.model());
    return true;
  }

  @Override
  public List<StoredJob> jobs() throws IOException {
    return transactions.read(transaction -> new JobRows(transaction).jobs());
  }

  @Override
  public Optional<StoredJob> job(JobId job) throws IOException {
    return transactions.read(transaction -> new JobRows(transaction).job(job));
  }

  @Override
  public void write(JobId job, Instant at, List<JobChange> changes) throws IOException {
    Transactions.Work<Optional<Void>> work =
        transaction -> {
          ChangeWriter.write(transaction, job, at, changes);
          return Optional.empty();
        };
    if (changes.stream().anyMatch(JobChange::forgets)) {
      transactions.writeAndForget(work);
    } else {
      transactions.write(work);
    }
  }

  @Override
  public Optional<RoundJournal> journal(JobId job) throws IOException {
    return transactions.read(transaction -> new JobRows(transaction).journal(job));
  }

  @Override
  public List<StoredRound> rounds(JobId job) throws IOException {
    return transactions.read(transaction -> new RoundRows(transaction, job).rounds());
  }

  @Override
  public List<JobEventEntry> history(JobId job, long fromSequence, int limit) throws IOException {
    if (fromSequence < 1 || limit < 0) {
      throw new IllegalArgumentException(limit + " entries from " + fromSequence);
    }
    return transactions.read(
        transaction -> new JobRows(transaction).history(job, fromSequence, limit));
  }

  @Override
  public Set<Hash> models(JobId job) throws IOException {
    return transactions.read(transaction -> new JobRows(transaction).models(job));
  }

  @Override
  public void delete(JobId job) throws IOException {
    transactions.writeAndForget(
        transaction -> transaction.execute("DELETE FROM job WHERE id = ?", job.value()));
  }
}
