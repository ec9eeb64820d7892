package org.hanse.coordinator.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.hanse.coordinator.engine.JobHistory;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.coordinator.storage.sql.Database;
import org.hanse.coordinator.storage.sql.Settings;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.proto.v1.JobEvent;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobStanding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistorySenderTest {
  private static final TestJob JOB = TestJob.of(TestJob.Shape.of(4));
  private static final JobId ID = JOB.manifest().job();

  @TempDir private Path directory;
  private final FakeCall<JobEvent> call = new FakeCall<>();
  private Database database;
  private JobHistory history;

  @BeforeEach
  void open() throws IOException {
    database = Database.open(new Settings.Sqlite(directory));
    database
        .jobs()
        .create(
            new JobDescription(JOB.manifest(), JOB.exactBytes(), JOB.planHash(), "alice"),
            Instant.EPOCH);
    history = new JobHistory(database.jobs(), database.jobs().job(ID).orElseThrow());
  }

  @AfterEach
  void close() throws IOException {
    database.close();
  }

  @Test
  void watcherThatTakesNothing_timedOut() throws Exception {
    append(1, entry());
    append(2, entry());
    call.makeRoom(1);

    HistorySender.send(history, 1, call, Duration.ofMillis(20));

    assertThat(call.end().get(20, TimeUnit.SECONDS)).isEqualTo(ErrorReason.CALL_TIMED_OUT.code());
    assertThat(call.sent()).hasSize(1);
  }

  @Test
  void watcherOfAQuietJob_keepsItsCallUntilTheEnd() throws Exception {
    call.makeRoom(10);
    HistorySender.send(history, 1, call, Duration.ofMillis(1));
    assertThat(call.end()).failsWithin(Duration.ofMillis(50));

    append(1, finished());

    assertThat(call.end().get(20, TimeUnit.SECONDS)).isEqualTo("OK");
    assertThat(call.sent()).hasSize(1);
  }

  @Test
  void watcherOfALongHistory_getsAllOfItInOrder() throws Exception {
    call.makeRoom(1000);
    for (long sequence = 1; sequence < 600; sequence++) {
      append(sequence, entry());
    }
    append(600, finished());

    HistorySender.send(history, 3, call, Duration.ofSeconds(20));

    assertThat(call.end().get(20, TimeUnit.SECONDS)).isEqualTo("OK");
    assertThat(call.sent()).extracting(JobEvent::getSequence).first().isEqualTo(3L);
    assertThat(call.sent()).extracting(JobEvent::getSequence).isSorted().hasSize(598);
  }

  @Test
  void watcher_historyUnreadable_isToldSo() throws Exception {
    append(1, entry());
    database.close();

    HistorySender.send(history, 1, call, Duration.ofSeconds(20));

    assertThat(call.end().get(20, TimeUnit.SECONDS))
        .isEqualTo(ErrorReason.STORAGE_UNAVAILABLE.code());
  }

  private void append(long sequence, JobEventValue event) throws IOException {
    database
        .jobs()
        .write(
            ID,
            Instant.EPOCH,
            List.of(new JobChange.Reported(new JobEventEntry(sequence, 0, event))));
    history.show(sequence, event instanceof JobEventValue.Finished);
  }

  private static JobEventValue finished() {
    return new JobEventValue.Finished(JobStanding.COMPLETED, new Hash(Bytes.of(new byte[32])), 1);
  }

  private static JobEventValue entry() {
    AttemptId attempt = new AttemptId(new RoundId(ID, 1), 0);
    return new JobEventValue.AttemptAborted(attempt, AbortReason.QUORUM_NOT_REACHED);
  }
}
