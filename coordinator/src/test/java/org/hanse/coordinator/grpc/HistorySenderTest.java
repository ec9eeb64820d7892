package org.hanse.coordinator.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.hanse.coordinator.job.JobHistory;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.proto.v1.JobEvent;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.WorkStage;
import org.junit.jupiter.api.Test;

class HistorySenderTest {
  private final JobHistory history = new JobHistory();
  private final FakeCall<JobEvent> call = new FakeCall<>();

  @Test
  void watcherThatTakesNothing_timedOut() throws Exception {
    appendStage();
    appendStage();
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

    history.append(
        new JobEventValue.Finished(
            JobState.COMPLETED, Optional.empty(), new Hash(Bytes.of(new byte[32])), 1),
        Instant.EPOCH);

    assertThat(call.end().get(20, TimeUnit.SECONDS)).isEqualTo("OK");
    assertThat(call.sent()).hasSize(1);
  }

  private void appendStage() {
    AttemptId attempt = new AttemptId(new RoundId(new JobId("job-1"), 1), 0);
    history.append(new JobEventValue.StageReached(attempt, WorkStage.TRAIN, 4), Instant.EPOCH);
  }
}
