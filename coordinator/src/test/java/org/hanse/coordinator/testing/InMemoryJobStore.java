package org.hanse.coordinator.testing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.coordinator.storage.JobChange.ModelUse;
import org.hanse.coordinator.storage.JobStore;
import org.hanse.coordinator.storage.RoundJournal;
import org.hanse.coordinator.storage.RoundOpening;
import org.hanse.coordinator.storage.StorageException;
import org.hanse.coordinator.storage.StoredJob;
import org.hanse.coordinator.storage.StoredRound;
import org.hanse.coordinator.storage.StoredRound.Outcome;
import org.hanse.coordinator.storage.StoredRound.StoredAttempt;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobStanding;

/** Jobs in memory, with the whole contract of a store but that they end with it. Thread-safe. */
public final class InMemoryJobStore implements JobStore {
  private final Map<JobId, Job> jobs = new LinkedHashMap<>();
  private Optional<StorageException> failure = Optional.empty();
  private Optional<FailingWrite> failingWrite = Optional.empty();

  private record FailingWrite(Class<? extends JobChange> kind, StorageException failing) {}

  /**
   * All that is stored of a job; replaced as a whole, so that a change that fails changes nothing.
   */
  private static final class Job {
    private final JobDescription description;
    private JobStanding standing = JobStanding.QUEUED;
    private Instant since;
    private JobProgress progress;
    private Instant changedAt;
    private final Map<Long, StoredRound> rounds = new TreeMap<>();
    private Optional<RoundOpening> opening = Optional.empty();
    private final List<RoundEvent> events = new ArrayList<>();
    private final List<JobEventEntry> history = new ArrayList<>();
    private final Map<ModelUse, Hash> models = new EnumMap<>(ModelUse.class);

    Job(JobDescription description, Instant at) {
      this.description = description;
      this.progress = JobProgress.start(description.manifest());
      this.changedAt = at;
      this.since = at;
      models.put(ModelUse.INITIAL, progress.model());
      models.put(ModelUse.NEWEST, progress.model());
    }

    Job(Job other) {
      this.description = other.description;
      this.standing = other.standing;
      this.progress = other.progress;
      this.changedAt = other.changedAt;
      this.since = other.since;
      this.rounds.putAll(other.rounds);
      this.opening = other.opening;
      this.events.addAll(other.events);
      this.history.addAll(other.history);
      this.models.putAll(other.models);
    }

    StoredJob stored() {
      return new StoredJob(description, standing, since, progress, history.size(), changedAt);
    }

    void apply(JobChange change, Instant at) {
      switch (change) {
        case JobChange.RoundOpened(RoundOpening opened) -> {
          open(opened);
          stand(JobStanding.RUNNING, at);
        }
        case JobChange.RoundPaused(RoundId round) -> {
          close(round, new Outcome.Paused());
          events.clear();
        }
        case JobChange.EventTaken(RoundEvent event) -> {
          require(opening.isPresent(), "no round is open");
          events.add(event);
        }
        case JobChange.Reported(JobEventEntry entry) -> report(entry, at);
        case JobChange.RoundGivenUp(RoundId round, AbortReason reason) ->
            close(round, new Outcome.GivenUp(reason));
        case JobChange.Progressed(JobProgress now) -> {
          own(now.round());
          progress =
              new JobProgress(
                  now.round(),
                  now.model(),
                  Optional.empty(),
                  now.publishedRounds(),
                  now.discarded(),
                  now.convicted(),
                  now.resumption(),
                  now.best());
        }
        case JobChange.ModelUsed(ModelUse use, Hash model) -> models.put(use, model);
      }
    }

    private void open(RoundOpening opened) {
      long number = own(opened.round());
      StoredRound before = rounds.get(number);
      require(
          rounds.keySet().stream().allMatch(other -> other <= number)
              && (before == null || before.outcome() instanceof Outcome.Paused),
          "an earlier round");
      rounds.put(
          number,
          new StoredRound(
              number,
              opened.progress().model(),
              before == null ? opened.openedAt() : before.openedAt(),
              new Outcome.Open(),
              before == null ? List.of() : before.attempts()));
      opening = Optional.of(opened);
      events.clear();
    }

    private void stand(JobStanding now, Instant at) {
      if (now.state() != standing.state()) {
        standing = now;
        since = at;
      }
    }

    private void report(JobEventEntry entry, Instant at) {
      require(entry.sequence() == history.size() + 1, "not the next entry");
      history.add(entry);
      switch (entry.event()) {
        case JobEventValue.StageReached event -> {
          StoredRound round = round(event.attempt().round());
          put(
              round,
              new StoredAttempt(
                  event.attempt().attempt(),
                  event.stage(),
                  event.sites(),
                  attempt(round, event.attempt()).flatMap(StoredAttempt::aborted)));
        }
        case JobEventValue.RoundPublished event ->
            close(
                event.attempt().round(),
                new Outcome.Published(
                    event.attempt().attempt(),
                    event.modelHash(),
                    event.countedSites(),
                    event.metrics()));
        case JobEventValue.AttemptAborted event -> {
          own(event.attempt().round());
          Optional.ofNullable(rounds.get(event.attempt().round().round()))
              .ifPresent(round ->
                  attempt(round, event.attempt())
                      .ifPresent(attempt ->
                          put(
                              round,
                              new StoredAttempt(
                                  attempt.attempt(),
                                  attempt.stage(),
                                  attempt.sites(),
                                  Optional.of(event.reason())))));
        }
        case JobEventValue.Paused event -> stand(event.standing(), at);
        case JobEventValue.Resumed event ->
            stand(
                rounds.values().stream().anyMatch(r -> r.outcome() instanceof Outcome.Open)
                    ? JobStanding.RUNNING
                    : JobStanding.QUEUED,
                at);
        case JobEventValue.Finished event -> {
          stand(event.standing(), at);
          events.clear();
        }
        case JobEventValue.SiteLeft event -> own(event.attempt().round());
        case JobEventValue.ShareRefused event -> own(event.attempt().round());
        case JobEventValue.DealerConvicted event -> own(event.attempt().round());
      }
    }

    private static Optional<StoredAttempt> attempt(StoredRound round, AttemptId attempt) {
      return round.attempts().stream()
          .filter(stored -> stored.attempt() == attempt.attempt())
          .findFirst();
    }

    private void put(StoredRound round, StoredAttempt attempt) {
      Map<Integer, StoredAttempt> attempts = new TreeMap<>();
      round.attempts().forEach(stored -> attempts.put(stored.attempt(), stored));
      attempts.put(attempt.attempt(), attempt);
      rounds.put(
          round.round(),
          new StoredRound(
              round.round(),
              round.base(),
              round.openedAt(),
              round.outcome(),
              List.copyOf(attempts.values())));
    }

    private void close(RoundId id, Outcome outcome) {
      StoredRound round = round(id);
      require(round.outcome() instanceof Outcome.Open, "the round is closed");
      rounds.put(
          round.round(),
          new StoredRound(
              round.round(), round.base(), round.openedAt(), outcome, round.attempts()));
    }

    private StoredRound round(RoundId id) {
      StoredRound round = rounds.get(own(id));
      if (round == null) {
        throw new IllegalArgumentException("there is no round " + id);
      }
      return round;
    }

    private long own(RoundId round) {
      require(round.job().equals(description.id()), "a round of another job");
      return round.round();
    }

    private static void require(boolean holds, String otherwise) {
      if (!holds) {
        throw new IllegalArgumentException(otherwise);
      }
    }
  }

  /** The next call throws this and changes nothing. */
  public synchronized void failNext(StorageException failing) {
    failure = Optional.of(failing);
  }

  /** The next write of such a change throws this and changes nothing. */
  public synchronized void failNextWriteOf(
      Class<? extends JobChange> kind, StorageException failing) {
    failingWrite = Optional.of(new FailingWrite(kind, failing));
  }

  private void failIfAsked(List<JobChange> changes) throws StorageException {
    if (failingWrite.isPresent()
        && changes.stream().anyMatch(failingWrite.get().kind()::isInstance)) {
      StorageException failing = failingWrite.get().failing();
      failingWrite = Optional.empty();
      throw failing;
    }
  }

  /** What a coordinator finds that starts after this one's machine has lost its power now. */
  public synchronized InMemoryJobStore crash() {
    InMemoryJobStore found = new InMemoryJobStore();
    jobs.forEach((id, job) -> found.jobs.put(id, new Job(job)));
    return found;
  }

  private void failIfAsked() throws StorageException {
    if (failure.isPresent()) {
      StorageException failing = failure.get();
      failure = Optional.empty();
      throw failing;
    }
  }

  private Optional<Job> find(JobId job) throws StorageException {
    failIfAsked();
    return Optional.ofNullable(jobs.get(job));
  }

  @Override
  public synchronized boolean create(JobDescription job, Instant at) throws StorageException {
    if (find(job.id()).isPresent()) {
      return false;
    }
    jobs.put(job.id(), new Job(job, at));
    return true;
  }

  @Override
  public synchronized List<StoredJob> jobs() throws StorageException {
    failIfAsked();
    return jobs.values().stream().map(Job::stored).toList();
  }

  @Override
  public synchronized Optional<StoredJob> job(JobId job) throws StorageException {
    return find(job).map(Job::stored);
  }

  @Override
  public synchronized void write(JobId job, Instant at, List<JobChange> changes)
      throws StorageException {
    failIfAsked(changes);
    Job changed =
        new Job(
            find(job).orElseThrow(() -> new IllegalArgumentException("there is no job " + job)));
    changes.forEach(change -> changed.apply(change, at));
    changed.changedAt = at;
    jobs.put(job, changed);
  }

  @Override
  public synchronized Optional<RoundJournal> journal(JobId job) throws StorageException {
    return find(job)
        .flatMap(found ->
            found.opening.map(opening ->
                new RoundJournal(
                    opening,
                    found.events,
                    found.round(opening.round()).outcome() instanceof Outcome.Paused)));
  }

  @Override
  public synchronized List<StoredRound> rounds(JobId job) throws StorageException {
    return find(job).map(found -> List.copyOf(found.rounds.values())).orElse(List.of());
  }

  @Override
  public synchronized List<JobEventEntry> history(JobId job, long fromSequence, int limit)
      throws StorageException {
    if (fromSequence < 1 || limit < 0) {
      throw new IllegalArgumentException(limit + " entries from " + fromSequence);
    }
    return find(job).stream()
        .flatMap(found -> found.history.stream())
        .skip(fromSequence - 1)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized Set<Hash> models(JobId job) throws StorageException {
    return find(job)
        .map(found -> Set.copyOf(new HashSet<>(found.models.values())))
        .orElse(Set.of());
  }

  @Override
  public synchronized void delete(JobId job) throws StorageException {
    failIfAsked();
    jobs.remove(job);
  }
}
