package org.hanse.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite.ComplaintReason;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobOrder;
import org.hanse.wire.value.JobStanding;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.WorkStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobWatchCommandTest {
  private static final AttemptId ATTEMPT = new AttemptId(new RoundId(new JobId("digits-1"), 1), 0);
  private static final Hash HASH = Hash.of(new byte[32]);
  private static final String ZEROS = "00".repeat(32);
  private static final JobEventValue COMPLETED =
      new JobEventValue.Finished(JobStanding.COMPLETED, HASH, 1);

  @TempDir private Path directory;

  private CommandFixture hanse;

  @BeforeEach
  void open() throws IOException {
    hanse = new CommandFixture(directory);
  }

  @AfterEach
  void close() {
    assertThat(hanse.openConnections()).isZero();
    hanse.close();
  }

  @Test
  void watch_jsonl_isALineForEachEvent() {
    history(Integer.MAX_VALUE, stage(), left(), aborted(), published(), COMPLETED);

    assertThat(hanse.run("job", "watch", "digits-1", "-o", "jsonl")).isZero();

    assertThat(hanse.out().lines())
        .containsExactly(
            "{\"event\":\"stage\",\"round\":1,\"attempt\":0,\"stage\":\"train\",\"sites\":5}",
            "{\"event\":\"left\",\"round\":1,\"attempt\":0,\"site\":\"site-2\",\"reason\":\"gone\"}",
            "{\"event\":\"aborted\",\"round\":1,\"attempt\":0,\"reason\":\""
                + JsonOutput.name(AbortReason.QUORUM_NOT_REACHED)
                + "\"}",
            "{\"event\":\"round\",\"round\":1,\"attempt\":0,\"sites\":5,\"metrics\":"
                + "{\"training-loss\":2.3,\"training-accuracy\":0.125},\"modelHash\":\""
                + ZEROS
                + "\",\"uploadedBytes\":90820,\"seconds\":0.8}",
            "{\"event\":\"finished\",\"state\":\"completed\",\"reason\":\"\",\"rounds\":1,\"modelHash\":\""
                + ZEROS
                + "\"}");
  }

  @Test
  void watch_table_isALineForEachRoundAndWhatWentWrong() {
    history(Integer.MAX_VALUE, stage(), left(), published(), COMPLETED);

    assertThat(hanse.run("job", "watch", "digits-1")).isZero();

    assertThat(hanse.out().lines())
        .containsExactly(
            "round 1  without site-2: gone",
            "round 1  loss 2.3000  accuracy  12.5 %  5 sites  0.8 s  90.8 kB",
            "completed after 1 rounds, model " + ZEROS);
  }

  @Test
  void watch_badBox_saysWhoRefusedWhose() {
    history(Integer.MAX_VALUE, refused(), COMPLETED);
    assertThat(hanse.run("job", "watch", "digits-1")).isZero();
    assertThat(hanse.out())
        .startsWith(
            "round 1  site-2 says that its box from site-4 is bad (share-invalid):"
                + " the next attempt is without both");

    history(Integer.MAX_VALUE, refused(), COMPLETED);
    assertThat(hanse.run("job", "watch", "digits-1", "-o", "jsonl")).isZero();
    assertThat(hanse.out())
        .contains(
            "{\"event\":\"share-refused\",\"round\":1,\"attempt\":0,\"holder\":\"site-2\","
                + "\"dealer\":\"site-4\",\"reason\":\"share-invalid\"}");
  }

  @Test
  void watch_convictedDealer_saysWhoAndWhy() {
    JobEventValue convicted = new JobEventValue.DealerConvicted(ATTEMPT, new SiteId("site-4"));
    history(Integer.MAX_VALUE, convicted, COMPLETED);
    assertThat(hanse.run("job", "watch", "digits-1")).isZero();
    assertThat(hanse.out())
        .startsWith(
            "round 1  site-4 dealt shares of another secret than it committed to:"
                + " it is out of this job");

    history(Integer.MAX_VALUE, convicted, COMPLETED);
    assertThat(hanse.run("job", "watch", "digits-1", "-o", "jsonl")).isZero();
    assertThat(hanse.out())
        .contains("{\"event\":\"convicted\",\"round\":1,\"attempt\":0,\"site\":\"site-4\"}");
  }

  @Test
  void watch_json_isOneListAtTheEnd() {
    history(2, stage(), published(), COMPLETED);

    assertThat(hanse.run("job", "watch", "digits-1", "-o", "json")).isZero();

    assertThat(hanse.out().lines()).hasSize(1);
    assertThat(hanse.out()).startsWith("[{\"event\":\"stage\"").contains("\"finished\"");
  }

  @Test
  void watch_connectionBreaksAgainAndAgain_goesOnBehindTheLastEvent() {
    history(2, stage(), stage(), stage(), stage(), COMPLETED);

    assertThat(hanse.run("job", "watch", "digits-1", "-o", "jsonl")).isZero();

    assertThat(hanse.coordinator.calls()).containsExactly("watch 1", "watch 3", "watch 5");
    assertThat(hanse.out().lines()).hasSize(5);
    assertThat(hanse.err()).contains("trying again");
  }

  @Test
  void watch_coordinatorAwayForAWhile_waitsLongerEachTime() {
    history(1, stage(), COMPLETED);
    assertThat(hanse.run("job", "watch", "digits-1")).isZero();
    hanse.pausesMillis.clear();
    hanse.coordinator.failNext(ErrorReason.SHUTTING_DOWN);
    hanse.coordinator.failNext(ErrorReason.OVERLOADED);
    hanse.coordinator.failNext(ErrorReason.SHUTTING_DOWN);

    assertThat(hanse.run("job", "watch", "digits-1")).isZero();

    assertThat(hanse.pausesMillis).containsExactly(200L, 400L, 800L, 200L);
  }

  @Test
  void watch_coordinatorNeverThere_exits2AtOnce() {
    hanse.coordinator.breakNext();

    assertThat(hanse.run("job", "watch", "digits-1")).isEqualTo(2);

    assertThat(hanse.coordinator.calls()).containsExactly("watch 1");
  }

  @Test
  void watch_coordinatorGoneForGood_givesUp() {
    history(1, stage(), COMPLETED);
    for (int i = 0; i < 100; i++) {
      hanse.coordinator.failNext(ErrorReason.SHUTTING_DOWN);
    }

    assertThat(hanse.run("job", "watch", "digits-1")).isEqualTo(1);

    assertThat(hanse.pausesMillis).hasSize(64).allMatch(pause -> pause <= 10_000);
    assertThat(hanse.err()).contains("hanse: shutting-down");
  }

  @Test
  void watch_streamEndsEarly_asksAgain() {
    history(Integer.MAX_VALUE, stage());
    hanse.coordinator.failNext(ErrorReason.OVERLOADED);
    for (int i = 0; i < 3; i++) {
      hanse.coordinator.failNext(ErrorReason.UNKNOWN_JOB);
    }

    assertThat(hanse.run("job", "watch", "digits-1")).isEqualTo(1);

    assertThat(hanse.coordinator.calls()).containsExactly("watch 1", "watch 1");
  }

  @Test
  void watch_timeoutPasses_exits3() {
    hanse.pausesTakeTime = true;
    history(Integer.MAX_VALUE, stage()); // never ends, so the command asks until its time is up

    assertThat(hanse.run("job", "watch", "digits-1", "--timeout", "1s")).isEqualTo(3);

    assertThat(hanse.err()).contains("hanse: timeout");
  }

  @Test
  void watch_jobPausedAndResumed_goesOnToItsEnd() {
    history(
        Integer.MAX_VALUE,
        new JobEventValue.Paused(JobStanding.of(JobState.PAUSED, AbortReason.RESULT_REFUSED)),
        new JobEventValue.Resumed(new JobOrder("alice", "looked into it")),
        new JobEventValue.Finished(JobStanding.abortedBy(new JobOrder("alice", "")), HASH, 0));

    assertThat(hanse.run("job", "watch", "digits-1")).isEqualTo(1);
    assertThat(hanse.out().lines())
        .startsWith("paused (result-refused)", "resumed by alice: looked into it")
        .last()
        .asString()
        .startsWith("aborted (aborted-by-user) by alice after 0 rounds");

    assertThat(hanse.run("job", "watch", "digits-1", "-o", "jsonl")).isEqualTo(1);
    assertThat(hanse.out())
        .contains("\"event\":\"paused\",\"reason\":\"result-refused\"")
        .contains("\"event\":\"resumed\",\"by\":\"alice\",\"note\":\"looked into it\"");
  }

  @Test
  void watch_jobFailed_exits1() {
    history(
        Integer.MAX_VALUE,
        new JobEventValue.Finished(
            JobStanding.of(JobState.FAILED, AbortReason.QUORUM_NOT_REACHED), HASH, 0));

    assertThat(hanse.run("job", "watch", "digits-1")).isEqualTo(1);

    assertThat(hanse.out())
        .startsWith("failed (" + JsonOutput.name(AbortReason.QUORUM_NOT_REACHED) + ")");
    assertThat(hanse.err())
        .startsWith("hanse: job-failed")
        .contains(
            "job digits-1 failed: " + JsonOutput.name(AbortReason.QUORUM_NOT_REACHED),
            "Next: hanse job show digits-1");
  }

  @Test
  void watch_eventLeftOut_exits1() {
    hanse.coordinator.setHistory(
        List.of(new JobEventEntry(1, 0, stage()), new JobEventEntry(3, 0, COMPLETED)),
        Integer.MAX_VALUE);

    assertThat(hanse.run("job", "watch", "digits-1")).isEqualTo(1);

    assertThat(hanse.err())
        .startsWith("hanse: protocol-violation")
        .contains("event 3", "instead of 2");
  }

  private void history(int perWatch, JobEventValue... events) {
    List<JobEventEntry> entries = new ArrayList<>();
    for (JobEventValue event : events) {
      entries.add(new JobEventEntry(entries.size() + 1, 0, event));
    }
    hanse.coordinator.setHistory(entries, perWatch);
  }

  private static JobEventValue stage() {
    return new JobEventValue.StageReached(ATTEMPT, WorkStage.TRAIN, 5);
  }

  private static JobEventValue left() {
    return new JobEventValue.SiteLeft(
        ATTEMPT, new SiteId("site-2"), new JobEventValue.LeaveReason.Dropped(DropReason.GONE));
  }

  private static JobEventValue refused() {
    return new JobEventValue.ShareRefused(
        ATTEMPT, new SiteId("site-2"), new SiteId("site-4"), ComplaintReason.SHARE_INVALID);
  }

  private static JobEventValue aborted() {
    return new JobEventValue.AttemptAborted(ATTEMPT, AbortReason.QUORUM_NOT_REACHED);
  }

  private static JobEventValue published() {
    return new JobEventValue.RoundPublished(
        ATTEMPT,
        5,
        List.of(
            new JobEventValue.MetricMean("training-loss", 2.3),
            new JobEventValue.MetricMean("training-accuracy", 0.125)),
        HASH,
        90_820,
        0.8);
  }
}
