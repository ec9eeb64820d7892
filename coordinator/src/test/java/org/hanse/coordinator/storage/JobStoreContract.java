package org.hanse.coordinator.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.hanse.coordinator.job.BestModel;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.coordinator.round.Resumption;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.coordinator.storage.JobChange.ModelUse;
import org.hanse.coordinator.storage.StoredRound.Outcome;
import org.hanse.coordinator.storage.StoredRound.StoredAttempt;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobEventValue.MetricMean;
import org.hanse.wire.value.JobOrder;
import org.hanse.wire.value.JobPriority;
import org.hanse.wire.value.JobStanding;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.WorkStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every store of jobs does, whatever it keeps them in. */
@Timeout(120)
public abstract class JobStoreContract {
  protected static final Instant NOW = JournalSamples.NOW;
  protected static final JobDescription JOB = description("job-1");
  protected static final JobId ID = JOB.id();
  private static final RoundId FIRST = new RoundId(ID, 1);
  private static final RoundId SECOND = new RoundId(ID, 2);
  private static final Hash INITIAL = JOB.manifest().training().initialModelHash();

  /** The same store at each call of a test; empty at its first. */
  protected abstract JobStore store() throws IOException;

  protected static JobDescription description(String id) {
    TestJob job = TestJob.of(TestJob.Shape.of(5).rounds(9).id(id));
    return new JobDescription(job.manifest(), job.exactBytes(), job.planHash(), "alice");
  }

  /** Everything that a store says about a job. */
  protected record Snapshot(
      List<StoredJob> jobs,
      Optional<RoundJournal> journal,
      List<StoredRound> rounds,
      List<JobEventEntry> history,
      Set<Hash> models) {

    public static Snapshot of(JobStore store, JobId job) throws IOException {
      return new Snapshot(
          store.jobs(),
          store.journal(job),
          store.rounds(job),
          store.history(job, 1, Integer.MAX_VALUE),
          store.models(job));
    }
  }

  @Test
  void create_newJob_standsAtItsStart() throws IOException {
    assertThat(store().create(JOB, NOW)).isTrue();

    assertThat(store().jobs())
        .containsExactly(
            new StoredJob(JOB, JobStanding.QUEUED, NOW, JobProgress.start(JOB.manifest()), 0, NOW));
    assertThat(store().journal(ID)).isEmpty();
    assertThat(store().rounds(ID)).isEmpty();
    assertThat(store().history(ID, 1, 10)).isEmpty();
    assertThat(store().models(ID)).containsExactly(INITIAL);
  }

  @Test
  void create_idTaken_falseAndNothingChanged() throws IOException {
    store().create(JOB, NOW);
    Snapshot before = Snapshot.of(store(), ID);
    JobDescription other =
        new JobDescription(JOB.manifest(), JOB.exactBytes(), JOB.planHash(), "bob");

    assertThat(store().create(other, NOW.plusSeconds(1))).isFalse();
    assertThat(Snapshot.of(store(), ID)).isEqualTo(before);
  }

  @Test
  void jobs_many_inTheOrderInWhichTheyWereCreated() throws IOException {
    List<String> ids = new ArrayList<>(List.of("z", "a", "job-9", "job-10", "m"));
    for (String id : ids) {
      store().create(description(id), NOW);
    }
    store().delete(new JobId("job-9"));
    store().create(description("b"), NOW);
    ids.remove("job-9");
    ids.add("b");

    assertThat(store().jobs())
        .extracting(job -> job.description().id().value())
        .containsExactlyElementsOf(ids);
  }

  @Test
  void jobs_createdByDifferentUsers_eachWithItsOwner() throws IOException {
    store()
        .create(new JobDescription(JOB.manifest(), JOB.exactBytes(), JOB.planHash(), "Zoë"), NOW);

    assertThat(store().jobs()).extracting(job -> job.description().owner()).containsExactly("Zoë");
  }

  @Test
  void write_unknownJob_refused() throws IOException {
    assertRefused(List.of(), ID);
    assertRefused(List.of(report(1, stage(FIRST, 0, WorkStage.TRAIN, 1))), ID);
  }

  @Test
  void write_anything_jobChangedThen() throws IOException {
    store().create(JOB, NOW);
    Instant later = Instant.ofEpochSecond(4_000_000_000L, 999_999_999);

    store().write(ID, later, List.of());

    assertThat(job().changedAt()).isEqualTo(later);
  }

  @Test
  void write_roundOpened_journalWithItsOpeningAndRoundOpen() throws IOException {
    store().create(JOB, NOW);
    RoundOpening opening = JournalSamples.firstOpening(ID);

    write(new JobChange.RoundOpened(opening));

    assertThat(store().journal(ID)).contains(new RoundJournal(opening, List.of(), false));
    assertThat(store().rounds(ID))
        .containsExactly(
            new StoredRound(
                1, opening.progress().model(), opening.openedAt(), new Outcome.Open(), List.of()));
  }

  @Test
  void write_eventsOfEveryKind_journalHasThemInTheirOrder() throws IOException {
    store().create(JOB, NOW);
    write(new JobChange.RoundOpened(JournalSamples.firstOpening(ID)));
    List<RoundEvent> events = JournalSamples.events(FIRST);
    for (RoundEvent event : events) {
      write(new JobChange.EventTaken(event));
    }
    store().write(ID, NOW, events.reversed().stream().map(JobStoreContract::taken).toList());

    List<RoundEvent> all = new ArrayList<>(events);
    all.addAll(events.reversed());
    assertThat(store().journal(ID).orElseThrow().events()).containsExactlyElementsOf(all);
  }

  @Test
  void write_nextRoundOpened_journalOfTheRoundBeforeForgotten() throws IOException {
    store().create(JOB, NOW);
    write(new JobChange.RoundOpened(JournalSamples.firstOpening(ID)));
    write(new JobChange.EventTaken(JournalSamples.events(FIRST).getFirst()));
    RoundOpening second = JournalSamples.opening(SECOND);
    RoundEvent event = JournalSamples.events(SECOND).getLast();

    store()
        .write(
            ID, NOW, List.of(new JobChange.RoundOpened(second), new JobChange.EventTaken(event)));

    assertThat(store().journal(ID)).contains(new RoundJournal(second, List.of(event), false));
    assertThat(store().rounds(ID)).extracting(StoredRound::round).containsExactly(1L, 2L);
  }

  @Test
  void write_eventBeforeAnyRound_refused() throws IOException {
    store().create(JOB, NOW);
    assertRefused(List.of(taken(JournalSamples.events(FIRST).getFirst())), ID);
  }

  @Test
  void write_roundOpenedThatIsNotTheNext_refused() throws IOException {
    store().create(JOB, NOW);
    write(new JobChange.RoundOpened(JournalSamples.opening(SECOND)));
    assertRefused(List.of(new JobChange.RoundOpened(JournalSamples.opening(SECOND))), ID);
    assertRefused(List.of(new JobChange.RoundOpened(JournalSamples.firstOpening(ID))), ID);
  }

  @Test
  void write_ofAnotherJob_refused() throws IOException {
    store().create(JOB, NOW);
    write(new JobChange.RoundOpened(JournalSamples.firstOpening(ID)));
    RoundId foreign = new RoundId(new JobId("job-2"), 1);

    assertRefused(List.of(new JobChange.RoundOpened(JournalSamples.opening(foreign.next()))), ID);
    assertRefused(List.of(new JobChange.RoundGivenUp(foreign, AbortReason.SHARE_REFUSED)), ID);
    assertRefused(
        List.of(new JobChange.Progressed(JournalSamples.firstOpening(foreign.job()).progress())),
        ID);
    for (JobEventValue value : JournalSamples.history(foreign)) {
      boolean namesNoJob =
          value instanceof JobEventValue.Paused
              || value instanceof JobEventValue.Resumed
              || value instanceof JobEventValue.Finished;
      if (!namesNoJob) {
        assertRefused(List.of(report(1, value)), ID);
      }
    }
  }

  @Test
  void write_stagesReached_eachAttemptAtItsLast() throws IOException {
    openFirst();
    write(
        report(1, stage(FIRST, 1, WorkStage.TRAIN, 5)),
        report(2, stage(FIRST, 0, WorkStage.START, 4)),
        report(3, stage(FIRST, 1, WorkStage.SURVIVORS, 3)));

    assertThat(attempts())
        .containsExactly(
            new StoredAttempt(0, WorkStage.START, 4, Optional.empty()),
            new StoredAttempt(1, WorkStage.SURVIVORS, 3, Optional.empty()));
  }

  @Test
  void write_attemptAborted_withItsReason() throws IOException {
    openFirst();
    write(
        report(1, stage(FIRST, 0, WorkStage.SHARES, 5)),
        report(2, stage(FIRST, 1, WorkStage.SHARES, 5)),
        report(3, aborted(0, AbortReason.SHARE_REFUSED)));

    assertThat(attempts())
        .containsExactly(
            new StoredAttempt(0, WorkStage.SHARES, 5, Optional.of(AbortReason.SHARE_REFUSED)),
            new StoredAttempt(1, WorkStage.SHARES, 5, Optional.empty()));
  }

  @Test
  void write_attemptAbortedThatCameToNoStage_inTheHistoryAlone() throws IOException {
    openFirst();
    write(report(1, aborted(0, AbortReason.QUORUM_NOT_REACHED)));

    assertThat(attempts()).isEmpty();
    assertThat(store().history(ID, 1, 9)).hasSize(1);
  }

  @Test
  void write_stageOfARoundThatIsNotThere_refused() throws IOException {
    openFirst();
    assertRefused(List.of(report(1, stage(SECOND, 0, WorkStage.TRAIN, 5))), ID);
  }

  @Test
  void write_roundPublished_closedWithItsMetricsInTheirOrder() throws IOException {
    openFirst();
    write(
        report(1, stage(FIRST, 1, WorkStage.TRAIN, 5)),
        report(2, published(FIRST, JournalSamples.METRICS)));

    assertThat(store().rounds(ID))
        .extracting(StoredRound::outcome)
        .containsExactly(
            new Outcome.Published(1, JournalSamples.hash(6), 3, JournalSamples.METRICS));
    assertThat(attempts()).hasSize(1);
  }

  @Test
  void write_roundPublishedOrGivenUpThatIsNotOpen_refused() throws IOException {
    openFirst();
    assertRefused(List.of(report(1, published(SECOND, List.of()))), ID);
    assertRefused(List.of(new JobChange.RoundGivenUp(SECOND, AbortReason.SHARE_REFUSED)), ID);
    write(report(1, published(FIRST, List.of())));
    assertRefused(List.of(report(2, published(FIRST, List.of()))), ID);
    assertRefused(List.of(new JobChange.RoundGivenUp(FIRST, AbortReason.SHARE_REFUSED)), ID);
  }

  @Test
  void write_roundGivenUp_closedWithItsReason() throws IOException {
    openFirst();
    write(new JobChange.RoundGivenUp(FIRST, AbortReason.ATTEMPTS_EXHAUSTED));

    assertThat(store().rounds(ID))
        .extracting(StoredRound::outcome)
        .containsExactly(new Outcome.GivenUp(AbortReason.ATTEMPTS_EXHAUSTED));
  }

  @Test
  void write_pausedAndResumed_standsSoSinceThen() throws IOException {
    openFirst();
    assertThat(job().standing()).isEqualTo(JobStanding.RUNNING);
    Instant later = NOW.plusSeconds(9);
    JobStanding paused = JobStanding.pausedBy(new JobOrder("alice", "a moment"));
    store()
        .write(
            ID,
            later,
            List.of(report(1, new JobEventValue.Paused(paused)), new JobChange.RoundPaused(FIRST)));

    assertThat(job().standing()).isEqualTo(paused);
    assertThat(job().since()).isEqualTo(later);
    store().write(ID, later.plusSeconds(1), List.of());
    assertThat(job().since()).isEqualTo(later);

    write(report(2, new JobEventValue.Resumed(new JobOrder("alice", ""))));
    assertThat(job().standing()).isEqualTo(JobStanding.QUEUED);
  }

  @Test
  void write_resumedWhileItsRoundIsOpen_runs() throws IOException {
    openFirst();
    write(
        report(
            1,
            new JobEventValue.Paused(JobStanding.of(JobState.PAUSED, AbortReason.RESULT_REFUSED))));
    write(report(2, new JobEventValue.Resumed(new JobOrder("alice", ""))));

    assertThat(job().standing()).isEqualTo(JobStanding.RUNNING);
  }

  @Test
  void write_roundPausedAndOpenedAnew_hasNoEventsOfBefore() throws IOException {
    openFirst();
    write(taken(JournalSamples.events(FIRST).getFirst()));
    write(new JobChange.RoundPaused(FIRST));

    RoundJournal paused = store().journal(ID).orElseThrow();
    assertThat(paused.paused()).isTrue();
    assertThat(paused.events()).isEmpty();
    assertThat(store().rounds(ID).getFirst().outcome()).isEqualTo(new Outcome.Paused());

    RoundOpening again = JournalSamples.firstOpening(ID);
    write(new JobChange.RoundOpened(again));
    assertThat(store().journal(ID)).contains(new RoundJournal(again, List.of(), false));
    assertThatThrownBy(() -> write(new JobChange.RoundOpened(again)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void create_jobOfHighPriority_keepsIt() throws IOException {
    JobDescription urgent =
        new JobDescription(
            JOB.manifest(), JOB.exactBytes(), JOB.planHash(), "alice", JobPriority.HIGH);
    store().create(urgent, NOW);

    assertThat(job().description()).isEqualTo(urgent);
  }

  @Test
  void write_finished_standsSo() throws IOException {
    store().create(JOB, NOW);
    JobStanding aborted = JobStanding.abortedBy(new JobOrder("alice", "wrong data"));
    write(report(1, new JobEventValue.Finished(aborted, INITIAL, 0)));
    assertThat(job().standing()).isEqualTo(aborted);

    write(report(2, new JobEventValue.Finished(JobStanding.COMPLETED, INITIAL, 9)));
    assertThat(job().standing()).isEqualTo(JobStanding.COMPLETED);
  }

  @Test
  void write_finished_forgetsTheEventsOfItsLastRound() throws IOException {
    openFirst();
    write(new JobChange.EventTaken(JournalSamples.events(FIRST).getFirst()));
    write(report(1, new JobEventValue.Finished(JobStanding.COMPLETED, INITIAL, 1)));

    assertThat(store().journal(ID).orElseThrow().events()).isEmpty();
    assertThat(store().journal(ID).orElseThrow().opening().round()).isEqualTo(FIRST);
  }

  @Test
  void job_isOneOfTheJobs() throws IOException {
    assertThat(store().job(ID)).isEmpty();
    store().create(JOB, NOW);
    write(new JobChange.Progressed(JournalSamples.opening(SECOND).progress()));

    assertThat(store().job(ID)).contains(store().jobs().getFirst());
  }

  @Test
  void write_progressed_standsThereWithoutItsProof() throws IOException {
    store().create(JOB, NOW);
    JobProgress progress = JournalSamples.opening(SECOND).progress();
    write(new JobChange.Progressed(progress));
    assertThat(job().progress()).isEqualTo(withoutProof(progress));

    JobProgress later =
        new JobProgress(
            new RoundId(ID, 7),
            JournalSamples.hash(9),
            Optional.empty(),
            5,
            0,
            Map.of(JournalSamples.SITE, 2L),
            new Resumption(3, 2),
            Optional.of(new BestModel(JournalSamples.hash(8), 4, 0.25)));
    write(new JobChange.Progressed(later));
    assertThat(job().progress()).isEqualTo(later);
  }

  @Test
  void write_modelUsed_insteadOfWhatItUsedBefore() throws IOException {
    store().create(JOB, NOW);
    Hash second = JournalSamples.hash(2);
    Hash third = JournalSamples.hash(3);

    write(new JobChange.ModelUsed(ModelUse.NEWEST, second));
    assertThat(store().models(ID)).containsExactlyInAnyOrder(INITIAL, second);
    write(
        new JobChange.ModelUsed(ModelUse.BASE, second),
        new JobChange.ModelUsed(ModelUse.NEWEST, third));
    assertThat(store().models(ID)).containsExactlyInAnyOrder(INITIAL, second, third);
    write(
        new JobChange.ModelUsed(ModelUse.BASE, third),
        new JobChange.ModelUsed(ModelUse.INITIAL, third));
    assertThat(store().models(ID)).containsExactly(third);
  }

  @Test
  void history_entriesOfEveryKind_asTheyWereReported() throws IOException {
    openFirst();
    List<JobEventEntry> entries = new ArrayList<>();
    for (JobEventValue value : JournalSamples.history(FIRST)) {
      entries.add(new JobEventEntry(entries.size() + 1, 1_800_000_000_123L, value));
    }
    assertThat(entries.stream().<Class<?>>map(entry -> entry.event().getClass()).distinct())
        .containsExactlyInAnyOrder(JobEventValue.class.getPermittedSubclasses());

    store().write(ID, NOW, entries.stream().<JobChange>map(JobChange.Reported::new).toList());

    assertThat(store().history(ID, 1, 100)).containsExactlyElementsOf(entries);
    assertThat(job().lastSequence()).isEqualTo(entries.size());
  }

  @Test
  void history_pages_theFirstOnesFromThere() throws IOException {
    openFirst();
    for (int i = 1; i <= 25; i++) {
      write(report(i, stage(FIRST, 0, WorkStage.TRAIN, i)));
    }
    assertThat(sequences(1, 10))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 10).boxed().toList());
    assertThat(sequences(21, 10)).containsExactly(21L, 22L, 23L, 24L, 25L);
    assertThat(sequences(25, 1)).containsExactly(25L);
    assertThat(sequences(26, 10)).isEmpty();
    assertThat(sequences(1, 0)).isEmpty();
    assertThatThrownBy(() -> store().history(ID, 1, -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store().history(ID, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void write_entryThatIsNotTheNext_refused() throws IOException {
    openFirst();
    assertRefused(List.of(report(2, stage(FIRST, 0, WorkStage.TRAIN, 1))), ID);
    write(report(1, stage(FIRST, 0, WorkStage.TRAIN, 1)));
    assertRefused(List.of(report(1, stage(FIRST, 0, WorkStage.TRAIN, 1))), ID);
    assertRefused(List.of(report(3, stage(FIRST, 0, WorkStage.TRAIN, 1))), ID);
  }

  @Test
  void write_lastChangeIllegal_nothingChanged() throws IOException {
    openFirst();
    write(
        report(1, stage(FIRST, 0, WorkStage.TRAIN, 5)),
        taken(JournalSamples.events(FIRST).getFirst()));
    assertRefused(
        List.of(
            taken(JournalSamples.events(FIRST).getLast()),
            report(2, stage(FIRST, 0, WorkStage.RESULT, 3)),
            report(3, published(FIRST, JournalSamples.METRICS)),
            new JobChange.Progressed(JournalSamples.opening(SECOND).progress()),
            new JobChange.ModelUsed(ModelUse.NEWEST, JournalSamples.hash(6)),
            new JobChange.ModelUsed(ModelUse.BASE, JournalSamples.hash(9)),
            new JobChange.RoundOpened(JournalSamples.opening(SECOND)),
            report(4, new JobEventValue.Finished(JobStanding.COMPLETED, INITIAL, 1)),
            report(9, stage(SECOND, 0, WorkStage.TRAIN, 5))),
        ID);
  }

  @Test
  void write_afterARefusal_goesOn() throws IOException {
    openFirst();
    assertRefused(List.of(report(7, stage(FIRST, 0, WorkStage.TRAIN, 5))), ID);
    write(report(1, stage(FIRST, 0, WorkStage.TRAIN, 5)));
    assertThat(job().lastSequence()).isEqualTo(1);
  }

  @Test
  void delete_job_nothingOfItIsLeftAndOthersStay() throws IOException {
    JobDescription other = description("job-2");
    store().create(JOB, NOW);
    store().create(other, NOW);
    fill(ID);
    fill(other.id());
    Snapshot before = Snapshot.of(store(), other.id());

    store().delete(ID);

    assertThat(store().jobs()).extracting(StoredJob::description).containsExactly(other);
    Snapshot after = Snapshot.of(store(), other.id());
    assertThat(after.journal()).isEqualTo(before.journal()).isPresent();
    assertThat(after.rounds()).isEqualTo(before.rounds());
    assertThat(after.history()).isEqualTo(before.history());
    assertThat(after.models()).isEqualTo(before.models());
    store().create(JOB, NOW);
    assertThat(store().jobs())
        .last()
        .isEqualTo(
            new StoredJob(JOB, JobStanding.QUEUED, NOW, JobProgress.start(JOB.manifest()), 0, NOW));
    assertThat(store().journal(ID)).isEmpty();
    assertThat(store().rounds(ID)).isEmpty();
    assertThat(store().history(ID, 1, 10)).isEmpty();
    assertThat(store().models(ID)).containsExactly(INITIAL);
  }

  @Test
  void unknownJob_nothingIsKnownOfIt() throws IOException {
    store().create(JOB, NOW);
    JobId unknown = new JobId("unknown");
    store().delete(unknown);
    assertThat(store().journal(unknown)).isEmpty();
    assertThat(store().rounds(unknown)).isEmpty();
    assertThat(store().history(unknown, 1, 9)).isEmpty();
    assertThat(store().models(unknown)).isEmpty();
    assertThat(store().jobs()).hasSize(1);
  }

  @Test
  void reads_besideAWriter_seeWholeTransactionsAlone() throws Exception {
    JobStore store = store();
    store.create(JOB, NOW);
    AtomicBoolean written = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Long>> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        readers.add(threads.submit(() -> readUntil(store, written)));
      }
      Future<?> writer =
          threads.submit(() -> {
            try {
              for (long round = 1; round <= 60; round++) {
                store.write(ID, NOW, wholeRound(new RoundId(ID, round)));
              }
            } finally {
              written.set(true);
            }
            return Optional.empty();
          });
      writer.get();
      for (Future<Long> reader : readers) {
        assertThat(reader.get()).isPositive();
      }
    }
    assertThat(job().progress().publishedRounds()).isEqualTo(60);
  }

  private static long readUntil(JobStore store, AtomicBoolean end) throws IOException {
    long reads = 0;
    boolean last;
    do {
      last = end.get();
      StoredJob job = store.jobs().getFirst();
      assertThat(job.lastSequence()).isEqualTo(2 * job.progress().publishedRounds());
      assertThat(job.progress().convicted()).hasSize((int) job.progress().publishedRounds());
      for (StoredRound round : store.rounds(ID)) {
        assertThat(round.attempts()).hasSize(1);
        assertThat(round.outcome())
            .isInstanceOfSatisfying(
                Outcome.Published.class, outcome -> assertThat(outcome.metrics()).hasSize(2));
      }
      store.journal(ID).ifPresent(journal -> assertThat(journal.events()).hasSize(2));
      reads++;
    } while (!last);
    return reads;
  }

  /** One transaction that opens a round and closes it. */
  private List<JobChange> wholeRound(RoundId round) {
    long published = round.round();
    Map<Fingerprint, Long> convicted =
        LongStream.rangeClosed(1, published)
            .boxed()
            .collect(
                Collectors.toMap(
                    number -> new Fingerprint(JournalSamples.bytes(32, number.intValue())),
                    number -> number));
    return List.of(
        new JobChange.RoundOpened(
            published == 1 ? JournalSamples.firstOpening(ID) : JournalSamples.opening(round)),
        taken(JournalSamples.events(round).getFirst()),
        taken(JournalSamples.events(round).getLast()),
        report(2 * published - 1, stage(round, 1, WorkStage.RESULT, 5)),
        report(2 * published, published(round, JournalSamples.METRICS)),
        new JobChange.Progressed(
            new JobProgress(
                round.next(),
                JournalSamples.hash(6),
                Optional.empty(),
                published,
                0,
                convicted,
                Resumption.NONE,
                Optional.empty())));
  }

  @Test
  void writes_ofManyJobsAtOnce_allThere() throws Exception {
    JobStore store = store();
    List<Callable<Long>> work = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      JobDescription job = description("job-" + i);
      store.create(job, NOW);
      RoundId round = new RoundId(job.id(), 1);
      work.add(() -> {
        store.write(
            job.id(),
            NOW,
            List.of(new JobChange.RoundOpened(JournalSamples.firstOpening(job.id()))));
        for (long number = 1; number <= 25; number++) {
          store.write(job.id(), NOW, List.of(report(number, stage(round, 0, WorkStage.TRAIN, 1))));
        }
        return 25L;
      });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(work.size())) {
      for (Future<Long> done : threads.invokeAll(work)) {
        done.get();
      }
    }
    assertThat(store.jobs()).extracting(StoredJob::lastSequence).containsOnly(25L);
  }

  /** Something in every table. */
  protected void fill(JobId job) throws IOException {
    RoundId first = new RoundId(job, 1);
    List<JobChange> changes = new ArrayList<>();
    changes.add(new JobChange.RoundOpened(JournalSamples.firstOpening(job)));
    JournalSamples.events(first).forEach(event -> changes.add(taken(event)));
    long sequence = 0;
    for (JobEventValue value : JournalSamples.history(first)) {
      changes.add(report(++sequence, value));
    }
    RoundId second = first.next();
    changes.add(new JobChange.RoundOpened(JournalSamples.opening(second)));
    JournalSamples.events(second).forEach(event -> changes.add(taken(event)));
    changes.add(report(++sequence, stage(second, 0, WorkStage.QUORUM, 4)));
    changes.add(new JobChange.Progressed(JournalSamples.opening(second).progress()));
    changes.add(new JobChange.ModelUsed(ModelUse.NEWEST, JournalSamples.hash(6)));
    changes.add(new JobChange.ModelUsed(ModelUse.BASE, INITIAL));
    store().write(job, NOW.plusNanos(1), changes);
  }

  private void openFirst() throws IOException {
    store().create(JOB, NOW);
    write(new JobChange.RoundOpened(JournalSamples.firstOpening(ID)));
  }

  protected void write(JobChange... changes) throws IOException {
    store().write(ID, NOW, List.of(changes));
  }

  /** Refused, and what is stored is what was stored. */
  private void assertRefused(List<JobChange> changes, JobId job) throws IOException {
    Snapshot before = Snapshot.of(store(), ID);
    assertThatThrownBy(() -> store().write(job, NOW.plusSeconds(99), changes))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Snapshot.of(store(), ID)).isEqualTo(before);
  }

  private StoredJob job() throws IOException {
    return store().jobs().getFirst();
  }

  private List<StoredAttempt> attempts() throws IOException {
    return store().rounds(ID).getFirst().attempts();
  }

  private List<Long> sequences(long from, int limit) throws IOException {
    return store().history(ID, from, limit).stream().map(JobEventEntry::sequence).toList();
  }

  private static JobProgress withoutProof(JobProgress progress) {
    return new JobProgress(
        progress.round(),
        progress.model(),
        Optional.empty(),
        progress.publishedRounds(),
        progress.discarded(),
        progress.convicted(),
        progress.resumption(),
        progress.best());
  }

  protected static JobChange taken(RoundEvent event) {
    return new JobChange.EventTaken(event);
  }

  protected static JobChange report(long sequence, JobEventValue value) {
    return new JobChange.Reported(new JobEventEntry(sequence, NOW.toEpochMilli(), value));
  }

  protected static JobEventValue stage(RoundId round, int attempt, WorkStage stage, int sites) {
    return new JobEventValue.StageReached(new AttemptId(round, attempt), stage, sites);
  }

  private static JobEventValue aborted(int attempt, AbortReason reason) {
    return new JobEventValue.AttemptAborted(new AttemptId(FIRST, attempt), reason);
  }

  private static JobEventValue published(RoundId round, List<MetricMean> metrics) {
    return new JobEventValue.RoundPublished(
        new AttemptId(round, 1), 3, metrics, JournalSamples.hash(6), 1 << 20, 1.5);
  }
}
