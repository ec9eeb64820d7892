package org.hanse.coordinator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.hanse.coordinator.engine.Jobs.Admission;
import org.hanse.coordinator.job.CallRegister;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.round.CertifiedKey;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.coordinator.round.RoundPlan.Patience;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.coordinator.storage.JobFiles;
import org.hanse.coordinator.storage.Staging;
import org.hanse.coordinator.storage.StorageException;
import org.hanse.coordinator.testing.InMemoryJobStore;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.wire.value.JobOrder;
import org.hanse.wire.value.JobStanding;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.WorkContent;
import org.hanse.wire.value.WorkPosition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose store stops working, and jobs that a process before this one has left. */
@Timeout(60)
class JobsTest {
  private static final int SITES = 4;
  private static final TestJob JOB = TestJob.of(TestJob.Shape.of(SITES));
  private static final JobId ID = JOB.manifest().job();
  private static final RoundId ROUND = new RoundId(ID, 1);

  private static final JobOrder ORDER = new JobOrder("alice", "a moment");

  private int roundsPerSite = 4;
  private Duration longestPause = Duration.ofDays(1);
  private final InstantSource clock = InstantSource.system();
  private final SystemTimers timers = new SystemTimers(clock);
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final CallRegister calls = new CallRegister(clock);
  private InMemoryJobStore store = new InMemoryJobStore();
  private WorkBoard board = new WorkBoard();
  @TempDir private Path data;
  private Jobs jobs;

  @BeforeEach
  void open() {
    jobs = newJobs();
  }

  @AfterEach
  void close() {
    jobs.close();
    timers.close();
    workers.shutdownNow();
  }

  @Test
  void event_storeFails_isNotTakenAndTheJobGoesOnWhenItCan() throws Exception {
    admit();
    everybodyCalls();
    awaitWork(0, WorkContent.Train.class);
    assertThat(submit(trained(0))).isInstanceOf(Answer.Taken.class);

    store.failNext(new StorageException(StorageException.Code.FULL, "no space is left", null));
    assertThat(submit(trained(1))).isInstanceOf(Answer.Unavailable.class);
    assertThat(job().snapshots().summary().state()).isEqualTo(JobState.RUNNING);
    while (!job().snapshots().summary().waitingFor().contains("own files")) {
      Thread.sleep(10);
    }

    submitUntilTaken(trained(1));
    submitUntilTaken(trained(2));
    submitUntilTaken(trained(3));
    awaitWork(3, WorkContent.Start.class); // with the report before the failure
  }

  @Test
  void open_storeFailsWhenTheTurnHasCome_opensWhenItCan() throws Exception {
    store.failNextWriteOf(
        JobChange.RoundOpened.class,
        new StorageException(StorageException.Code.FULL, "no space is left", null));
    admit();
    everybodyCalls();

    awaitWork(0, WorkContent.Train.class);
  }

  @Test
  void event_thatIsADefect_endsTheJobAndNobodyWaits() throws Exception {
    admit();
    CountDownLatch queued = new CountDownLatch(1);
    CompletableFuture<Answer> first =
        job()
            .submit(at -> {
              try {
                queued.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              throw new IllegalStateException("a defect");
            });
    CompletableFuture<Answer> behind = job().submit(trained(0));
    queued.countDown();

    assertThat(first.get(20, TimeUnit.SECONDS)).isInstanceOf(Answer.Unavailable.class);
    assertThat(behind.get(20, TimeUnit.SECONDS)).isInstanceOf(Answer.JobOver.class);
    assertThat(store.job(ID).orElseThrow().standing().reason())
        .contains(AbortReason.COORDINATOR_FAILED);
  }

  @Test
  void recover_runningJob_everySiteFindsTheWorkItHad() throws Exception {
    admit();
    everybodyCalls();
    awaitWork(0, WorkContent.Train.class);
    submit(trained(0));

    crash();
    jobs.recover();

    assertThat(offer(0))
        .get()
        .extracting(WorkBoard.Offer::content)
        .isInstanceOf(WorkContent.Train.class);
    assertThat(submit(trained(0))).isInstanceOf(Answer.Taken.class);
    for (int site = 1; site < SITES; site++) {
      assertThat(submit(trained(site))).isInstanceOf(Answer.Taken.class);
    }
    awaitWork(2, WorkContent.Start.class);
  }

  @Test
  void recover_endedJob_membersThatWereAwayHearOfIt() throws Exception {
    admit();
    order(JobInput.Command.ABORT);

    crash();
    jobs.recover();

    assertThat(job().snapshots().summary().state()).isEqualTo(JobState.ABORTED);
    assertThat(submit(trained(0))).isInstanceOf(Answer.JobOver.class);
    assertThat(offer(1))
        .get()
        .extracting(WorkBoard.Offer::content)
        .isEqualTo(
            new WorkContent.JobEnded(JobState.ABORTED, Optional.of(AbortReason.ABORTED_BY_USER)));
    assertThat(jobs.inquire(description())).isEqualTo(Admission.KNOWN);
  }

  @Test
  void pause_sitesTrain_nobodyHasWorkUntilItIsResumed() throws Exception {
    admit();
    everybodyCalls();
    awaitWork(0, WorkContent.Train.class);
    WorkPosition before = offer(0).orElseThrow().position();
    submit(trained(0));

    assertThat(order(JobInput.Command.PAUSE)).isInstanceOf(Answer.Taken.class);
    assertThat(standing()).isEqualTo(JobStanding.pausedBy(ORDER));
    WorkBoard.Offer paused = offer(0).orElseThrow();
    assertThat(paused.content()).isEqualTo(new WorkContent.JobPaused(Optional.empty()));
    assertThat(paused.position()).isGreaterThan(before);
    assertThat(submit(trained(1))).isInstanceOf(Answer.Rejected.class);
    assertThat(order(JobInput.Command.PAUSE)).isInstanceOf(Answer.Taken.class);

    order(JobInput.Command.RESUME);
    awaitWork(1, WorkContent.Train.class);
    assertThat(standing()).isEqualTo(JobStanding.RUNNING);
    assertThat(offer(1).orElseThrow().position()).isGreaterThan(paused.position());
    for (int site = 0; site < SITES; site++) {
      assertThat(submit(trained(site))).isInstanceOf(Answer.Taken.class);
    }
    awaitWork(2, WorkContent.Start.class);
  }

  @Test
  void recover_pausedJob_staysSoAndGoesOnWhenResumed() throws Exception {
    admit();
    everybodyCalls();
    awaitWork(0, WorkContent.Train.class);
    order(JobInput.Command.PAUSE);
    WorkPosition paused = offer(0).orElseThrow().position();

    crash();
    jobs.recover();
    assertThat(standing()).isEqualTo(JobStanding.pausedBy(ORDER));
    assertThat(offer(0).orElseThrow().content()).isInstanceOf(WorkContent.JobPaused.class);

    order(JobInput.Command.RESUME);
    crash();
    jobs.recover();
    awaitWork(0, WorkContent.Train.class);
    assertThat(offer(0).orElseThrow().position()).isGreaterThan(paused);
    assertThat(standing()).isEqualTo(JobStanding.RUNNING);
  }

  @Test
  void pause_nobodyResumesInTime_jobFails() throws Exception {
    longestPause = Duration.ofMillis(300);
    jobs = newJobs();
    admit();
    order(JobInput.Command.PAUSE);
    while (!job().snapshots().ended()) {
      Thread.sleep(10);
    }

    assertThat(standing()).isEqualTo(JobStanding.of(JobState.FAILED, AbortReason.PAUSED_TOO_LONG));
    assertThat(order(JobInput.Command.RESUME)).isInstanceOf(Answer.JobOver.class);
  }

  @Test
  void abort_pausedJob_endsAndSaysByWhom() throws Exception {
    admit();
    order(JobInput.Command.PAUSE);

    assertThat(order(JobInput.Command.ABORT)).isInstanceOf(Answer.Taken.class);
    assertThat(standing()).isEqualTo(JobStanding.abortedBy(ORDER));
    assertThat(offer(1).orElseThrow().content())
        .isEqualTo(
            new WorkContent.JobEnded(JobState.ABORTED, Optional.of(AbortReason.ABORTED_BY_USER)));
  }

  @Test
  void turn_sitesAreInAnotherJob_queuedAndThenRuns() throws Exception {
    roundsPerSite = 1;
    jobs = newJobs();
    admit();
    everybodyCalls();
    awaitWork(0, WorkContent.Train.class);
    TestJob other = TestJob.of(TestJob.Shape.of(SITES).id("job-2"));
    admit(other);

    RunningJob second = jobs.find(other.manifest().job()).orElseThrow();
    while (!second.snapshots().summary().waitingFor().contains("taken by job-1")) {
      Thread.sleep(10);
    }
    assertThat(second.snapshots().summary().state()).isEqualTo(JobState.QUEUED);

    order(JobInput.Command.PAUSE); // gives its turn back
    while (second.snapshots().summary().state() != JobState.RUNNING) {
      Thread.sleep(10);
    }
    order(JobInput.Command.RESUME);
    assertThat(standing()).isEqualTo(JobStanding.QUEUED);
  }

  @Test
  void dropEnded_onlyJobsThatHaveBeenOverForSoLong_goWithTheirFiles() throws Exception {
    admit();
    jobs.dropEnded(Duration.ZERO);
    assertThat(jobs.find(ID)).as("it runs").isPresent();

    order(JobInput.Command.ABORT);
    jobs.dropEnded(Duration.ofDays(1));
    assertThat(jobs.find(ID)).as("it has just ended").isPresent();

    jobs.dropEnded(Duration.ZERO);
    assertThat(jobs.find(ID)).isEmpty();
    assertThat(store.job(ID)).isEmpty();
    assertThat(data.resolve("jobs")).isEmptyDirectory();
    admit();
  }

  @Test
  void recover_endedJob_leavesNoUploads() throws Exception {
    admit();
    order(JobInput.Command.ABORT);
    Path uploads =
        Files.createDirectories(data.resolve("jobs/job-1/rounds/1/attempt-0").resolve("uploads"));
    Files.write(uploads.resolve("ab"), new byte[1]);

    crash();
    jobs.recover();

    assertThat(uploads).doesNotExist();
  }

  @Test
  void recover_submissionThatWasNeverAcknowledged_isForgotten() throws Exception {
    store.create(description(), Instant.EPOCH);
    jobs.recover();

    assertThat(jobs.all()).isEmpty();
    assertThat(store.jobs()).isEmpty();
    admit();
    assertThat(jobs.find(ID)).isPresent();
  }

  @Test
  void recover_withoutTheFilesOfARunningJob_refusedAndNothingLost() throws Exception {
    admit();
    everybodyCalls();
    awaitWork(0, WorkContent.Train.class);
    crash();
    Path elsewhere = data.resolve("elsewhere");
    try (Jobs others = newJobs(elsewhere, JOB.coordinator().key())) {
      assertThatThrownBy(others::recover)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("job-1")
          .hasMessageContaining("data directory");
    }

    assertThat(store.jobs()).hasSize(1);
    jobs.recover();
    assertThat(submit(trained(0))).isInstanceOf(Answer.Taken.class);
  }

  @Test
  void recover_withAnotherSigningKey_runningJobRefusedEndedOneShown() throws Exception {
    admit();
    everybodyCalls();
    awaitWork(0, WorkContent.Train.class);
    crash();
    SigningKey other = JOB.sites().getFirst().key();
    try (Jobs others = newJobs(data, other)) {
      assertThatThrownBy(others::recover)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(other.fingerprint().toString());
    }

    jobs.recover();
    order(JobInput.Command.ABORT);
    crash();
    try (Jobs others = newJobs(data, other)) {
      others.recover();
      assertThat(others.find(ID).orElseThrow().snapshots().summary().state())
          .isEqualTo(JobState.ABORTED);
    }
  }

  @Test
  void admit_filesOfAnotherDatabase_areNotTouched() throws Exception {
    admit();
    jobs.close();
    store = new InMemoryJobStore();
    jobs = newJobs();

    assertThat(stageAndAdmit()).isEqualTo(Admission.EXISTS);
    assertThat(store.jobs()).isEmpty();
    assertThat(JobFiles.of(data, ID).exists()).isTrue();
  }

  private Jobs newJobs() {
    return newJobs(data, JOB.coordinator().key());
  }

  private Jobs newJobs(Path directory, SigningKey key) {
    TurnDesk turns = new TurnDesk(roundsPerSite);
    turns.open();
    return new Jobs(
        directory,
        key,
        new JobParts.Shared(
            store,
            clock,
            timers,
            new SystemThreads(workers),
            board,
            calls,
            turns,
            new JobParts.Rules(
                new Patience(Duration.ofSeconds(10), Duration.ofSeconds(5)),
                Retention.LAST_ROUND,
                longestPause)));
  }

  /** Nothing but what is stored is left. */
  private void crash() {
    jobs.close();
    store = store.crash();
    board = new WorkBoard();
    jobs = newJobs();
  }

  private void admit() throws IOException {
    assertThat(stageAndAdmit()).isEqualTo(Admission.CREATED);
  }

  private void admit(TestJob job) throws IOException {
    JobDescription description =
        new JobDescription(job.manifest(), job.exactBytes(), job.planHash(), "alice");
    try (Staging staging = jobs.stage(description)) {
      staging.model().write(0, job.model().segment().toArray(ValueLayout.JAVA_BYTE));
      assertThat(jobs.admit(description, staging)).isEqualTo(Admission.CREATED);
    }
  }

  private Admission stageAndAdmit() throws IOException {
    try (Staging staging = jobs.stage(description())) {
      staging.model().write(0, JOB.model().segment().toArray(ValueLayout.JAVA_BYTE));
      return jobs.admit(description(), staging);
    }
  }

  private static JobDescription description() {
    return new JobDescription(JOB.manifest(), JOB.exactBytes(), JOB.planHash(), "alice");
  }

  private RunningJob job() {
    return jobs.find(ID).orElseThrow();
  }

  private void everybodyCalls() {
    for (int site = 0; site < SITES; site++) {
      calls.begin(siteId(site));
    }
  }

  private Answer submit(Function<Instant, RoundEvent> event) throws Exception {
    return job().submit(event).get(20, TimeUnit.SECONDS);
  }

  private void submitUntilTaken(Function<Instant, RoundEvent> event) throws Exception {
    while (!(submit(event) instanceof Answer.Taken)) {
      Thread.sleep(50);
    }
  }

  private Function<Instant, RoundEvent> trained(int site) {
    SigningKey key = JOB.sites().get(site).key();
    CertifiedKey certified =
        new CertifiedKey(
            new RosterEntry(key.fingerprint(), key.publicKey()),
            Bytes.of(key.publicKey().toByteArray()),
            Instant.MAX);
    return at -> new RoundEvent.TrainingFinished(ROUND, key.fingerprint(), certified, at);
  }

  private Answer order(JobInput.Command command) throws Exception {
    return job().order(command, ORDER).get(20, TimeUnit.SECONDS);
  }

  private JobStanding standing() throws IOException {
    JobStanding shown = job().snapshots().summary().standing();
    assertThat(store.job(ID).orElseThrow().standing()).isEqualTo(shown);
    return shown;
  }

  private void awaitWork(int site, Class<? extends WorkContent> kind) throws Exception {
    while (offer(site).map(WorkBoard.Offer::content).filter(kind::isInstance).isEmpty()) {
      Thread.sleep(20);
    }
  }

  private Optional<WorkBoard.Offer> offer(int site) {
    return board.poll(siteId(site), List.of()).getNow(Optional.empty());
  }

  private static SiteId siteId(int site) {
    return new SiteId("site-" + site);
  }
}
