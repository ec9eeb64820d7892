package org.hanse.coordinator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.storage.StoredJob;
import org.hanse.coordinator.testing.InMemoryJobStore;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.wire.value.JobStanding;
import org.junit.jupiter.api.Test;

class JobSnapshotsTest {
  private static final TestJob JOB = TestJob.of(TestJob.Shape.of(4));

  @Test
  void summary_loopHasNotBegunOrItsFilesFail_saysWhich() throws Exception {
    InMemoryJobStore store = new InMemoryJobStore();
    store.create(
        new JobDescription(JOB.manifest(), JOB.exactBytes(), JOB.planHash(), "alice"),
        Instant.EPOCH);
    StoredJob stored = store.job(JOB.manifest().job()).orElseThrow();
    JobSnapshots snapshots =
        new JobSnapshots(stored, new JobHistory(store, stored), new TurnDesk(1));
    assertThat(snapshots.summary().waitingFor()).isEqualTo("its turn");

    snapshots.stall();
    assertThat(snapshots.summary().waitingFor()).contains("own files");
    assertThat(snapshots.explanation().sites()).isEmpty();

    snapshots.end(JobStanding.COMPLETED);
    assertThat(snapshots.summary().waitingFor()).isEmpty();
  }
}
