package org.hanse.simulation.crash;

import java.io.IOException;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.hanse.coordinator.CoordinatorMain.Stores;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.round.CertifiedKey;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.coordinator.storage.JobStore;
import org.hanse.coordinator.storage.RoundJournal;
import org.hanse.coordinator.storage.SiteStore;
import org.hanse.coordinator.storage.StoredJob;
import org.hanse.coordinator.storage.StoredRound;
import org.hanse.coordinator.storage.StoredSite;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.SiteId;
import org.hanse.wire.value.JobEventEntry;

/** The real stores, with failpoints before, within and after their transactions. */
final class WatchedStores {
  private final Failpoints failpoints;

  private WatchedStores(Failpoints failpoints) {
    this.failpoints = failpoints;
  }

  static Stores around(Stores real, Failpoints failpoints) {
    WatchedStores watched = new WatchedStores(failpoints);
    return new Stores(watched.new Jobs(real.jobs()), watched.new Sites(real.sites()));
  }

  private interface Write<T> {
    T run() throws IOException;
  }

  private <T> T commit(List<String> names, Write<T> write) throws IOException {
    at(names, "before");
    T result = write.run();
    at(names, "after");
    return result;
  }

  private void at(List<String> names, String moment) {
    for (String name : names) {
      failpoints.at("commit." + name + "." + moment);
    }
  }

  /** Tells when all of it was gone through, which is when all its rows are written. */
  private static final class Traversed extends AbstractList<JobChange> {
    private final List<JobChange> changes;
    private final Runnable end;

    Traversed(List<JobChange> changes, Runnable end) {
      this.changes = changes;
      this.end = end;
    }

    @Override
    public JobChange get(int index) {
      return changes.get(index);
    }

    @Override
    public int size() {
      return changes.size();
    }

    @Override
    public void forEach(Consumer<? super JobChange> action) {
      changes.forEach(action);
      end.run();
    }
  }

  private final class Sites implements SiteStore {
    private final SiteStore real;

    Sites(SiteStore real) {
      this.real = real;
    }

    @Override
    public void seen(SiteId site, CertifiedKey key, Instant at) throws IOException {
      var _ =
          commit(
              List.of("site-seen"),
              () -> {
                real.seen(site, key, at);
                return Optional.empty();
              });
    }

    @Override
    public List<StoredSite> all() throws IOException {
      return real.all();
    }
  }

  private final class Jobs implements JobStore {
    private final JobStore real;

    Jobs(JobStore real) {
      this.real = real;
    }

    @Override
    public boolean create(JobDescription job, Instant at) throws IOException {
      return commit(List.of("job-created"), () -> real.create(job, at));
    }

    @Override
    public void write(JobId job, Instant at, List<JobChange> changes) throws IOException {
      List<String> names =
          changes.stream().map(CommitNames::of).flatMap(Optional::stream).distinct().toList();
      var _ =
          commit(
              names,
              () -> {
                real.write(job, at, new Traversed(changes, () -> at(names, "within")));
                changes.stream()
                    .map(CommitNames::acknowledged)
                    .flatMap(Optional::stream)
                    .forEach(event -> Orders.say("took " + event));
                return Optional.empty();
              });
    }

    @Override
    public void delete(JobId job) throws IOException {
      var _ =
          commit(
              List.of("job-deleted"),
              () -> {
                real.delete(job);
                return Optional.empty();
              });
    }

    @Override
    public List<StoredJob> jobs() throws IOException {
      return real.jobs();
    }

    @Override
    public Optional<StoredJob> job(JobId job) throws IOException {
      return real.job(job);
    }

    @Override
    public Optional<RoundJournal> journal(JobId job) throws IOException {
      return real.journal(job);
    }

    @Override
    public List<StoredRound> rounds(JobId job) throws IOException {
      return real.rounds(job);
    }

    @Override
    public List<JobEventEntry> history(JobId job, long fromSequence, int limit) throws IOException {
      return real.history(job, fromSequence, limit);
    }

    @Override
    public Set<Hash> models(JobId job) throws IOException {
      return real.models(job);
    }
  }
}
