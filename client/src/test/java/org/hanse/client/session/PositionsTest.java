package org.hanse.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.StepDeadlines;
import org.hanse.wire.WireLimits;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;
import org.hanse.wire.value.WorkPosition;
import org.hanse.wire.value.WorkStage;
import org.junit.jupiter.api.Test;

class PositionsTest {
  private static Work train(String job, long round) {
    Hash hash = Hash.of(new byte[Hash.SIZE_BYTES]);
    return Work.of(attempt(job, round), 1, new WorkContent.Train(hash, hash, Optional.empty()));
  }

  private static Work ended(String job) {
    return Work.of(
        attempt(job, 1), 0, new WorkContent.JobEnded(JobState.COMPLETED, Optional.empty()));
  }

  private static AttemptId attempt(String job, long round) {
    return new AttemptId(new RoundId(new JobId(job), round), 0);
  }

  @Test
  void take_beyondThePosition_movesOn() {
    Positions first = Positions.NONE.take(train("a", 1)).orElseThrow();
    Positions second = first.take(train("a", 2)).orElseThrow();
    assertThat(second.all()).containsExactly(new WorkPosition(0, attempt("a", 2), WorkStage.TRAIN));
  }

  @Test
  void take_notBeyondThePosition_isNothing() {
    Positions at = Positions.NONE.take(train("a", 2)).orElseThrow();
    assertThat(at.take(train("a", 2))).isEmpty();
    assertThat(at.take(train("a", 1))).isEmpty();
    assertThat(at.take(train("b", 1))).isPresent();
  }

  @Test
  void take_tooManyJobs_endedOnesMakeRoom() {
    Positions full = Positions.NONE;
    for (int i = 0; i < WireLimits.MAX_POSITIONS - 1; i++) {
      full = full.take(train("job-" + i, 1)).orElseThrow();
    }
    full = full.take(ended("over")).orElseThrow();
    Positions replaced = full.take(train("new", 1)).orElseThrow();
    assertThat(replaced.all()).hasSize(WireLimits.MAX_POSITIONS);
    assertThat(replaced.all()).extracting(WorkPosition::job).doesNotContain(new JobId("over"));
    assertThat(replaced.take(train("one-more", 1))).isEmpty();
    assertThat(replaced.take(train("job-5", 2))).isPresent();
  }

  @Test
  void stageTimes_followTheManifestAndNothingElse() {
    StageTimes times = new StageTimes(new StepDeadlines(1, 2, 3, 4, 5, 6, 7, 8));
    assertThat(times.answerSeconds(WorkStage.TRAIN)).isEqualTo(2);
    assertThat(times.answerSeconds(WorkStage.START)).isEqualTo(3);
    assertThat(times.answerSeconds(WorkStage.ROSTER)).isEqualTo(4);
    assertThat(times.answerSeconds(WorkStage.SHARES)).isEqualTo(5);
    assertThat(times.answerSeconds(WorkStage.SURVIVORS)).isEqualTo(6);
    assertThat(times.answerSeconds(WorkStage.QUORUM)).isEqualTo(7);
    assertThat(times.answerSeconds(WorkStage.RESULT)).isEqualTo(8);
    assertThat(times.patienceSeconds(WorkStage.SHARES)).isEqualTo(65);
    assertThat(times.patienceSeconds(WorkStage.QUORUM)).isEqualTo(72);
  }
}
