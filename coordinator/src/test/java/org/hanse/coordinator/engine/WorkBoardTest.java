package org.hanse.coordinator.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.WorkContent;
import org.hanse.wire.value.WorkPosition;
import org.hanse.wire.value.WorkStage;
import org.junit.jupiter.api.Test;

class WorkBoardTest {
  private static final SiteId SITE = new SiteId("site-0");

  private final WorkBoard board = new WorkBoard();

  @Test
  void poll_workBeyondThePosition_atOnce() {
    board.assign(SITE, train("job-1", 2));
    assertThat(poll(position("job-1", 1)).join()).contains(train("job-1", 2));
    assertThat(poll(position("job-1", 2))).isNotDone();
  }

  @Test
  void poll_waits_untilNewerWorkComes() {
    CompletableFuture<Optional<WorkBoard.Offer>> poll = poll(position("job-1", 1));
    board.assign(SITE, train("job-1", 1));
    board.assign(new SiteId("site-1"), train("job-1", 2));
    assertThat(poll).isNotDone();
    board.assign(SITE, train("job-1", 2));
    assertThat(poll.join()).contains(train("job-1", 2));
  }

  @Test
  void poll_runningAndEndedJobs_runningFirst() {
    board.assign(SITE, ended("job-1"));
    board.assign(SITE, train("job-2", 1));
    assertThat(poll().join()).contains(train("job-2", 1));
    assertThat(poll(position("job-2", 1)).join()).contains(ended("job-1"));
  }

  @Test
  void clear_offerIsGone() {
    board.assign(SITE, train("job-1", 1));
    board.clear(SITE, new JobId("job-1"));
    assertThat(poll()).isNotDone();
  }

  @Test
  void poll_oneTooMany_endsTheOldest() {
    CompletableFuture<Optional<WorkBoard.Offer>> oldest = poll();
    for (int i = 1; i < WorkBoard.MAX_WAITING_POLLS; i++) {
      assertThat(poll()).isNotDone();
    }
    assertThat(oldest).isNotDone();
    CompletableFuture<Optional<WorkBoard.Offer>> newest = poll();
    assertThat(oldest.join()).isEmpty();
    assertThat(newest).isNotDone();
  }

  @Test
  void releaseAll_endsEveryPoll() {
    CompletableFuture<Optional<WorkBoard.Offer>> poll = poll();
    board.releaseAll();
    assertThat(poll.join()).isEmpty();
  }

  private CompletableFuture<Optional<WorkBoard.Offer>> poll(WorkPosition... positions) {
    return board.poll(SITE, List.of(positions));
  }

  private static WorkPosition position(String job, long round) {
    return new WorkPosition(0, attempt(job, round), WorkStage.TRAIN);
  }

  private static AttemptId attempt(String job, long round) {
    return new AttemptId(new RoundId(new JobId(job), round), 0);
  }

  private static WorkBoard.Offer train(String job, long round) {
    return new WorkBoard.Offer(
        position(job, round),
        new WorkContent.Train(
            LabelledHash.sha256("plan".getBytes(UTF_8)),
            LabelledHash.sha256("model".getBytes(UTF_8)),
            Optional.empty()),
        Optional.empty());
  }

  private static WorkBoard.Offer ended(String job) {
    return new WorkBoard.Offer(
        new WorkPosition(0, attempt(job, 1), WorkStage.JOB_ENDED),
        new WorkContent.JobEnded(JobState.COMPLETED, Optional.empty()),
        Optional.empty());
  }
}
