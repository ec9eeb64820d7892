package org.hanse.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ComplaintReason;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.mask.Encapsulations;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.proto.v1.Attempt;
import org.hanse.proto.v1.AttemptClosed;
import org.hanse.proto.v1.JobEnded;
import org.hanse.proto.v1.JobEvent;
import org.hanse.proto.v1.JobFinished;
import org.hanse.proto.v1.JobOutcome;
import org.hanse.proto.v1.JobState;
import org.hanse.proto.v1.JobStatus;
import org.hanse.proto.v1.NextWorkRequest;
import org.hanse.proto.v1.PausedJob;
import org.hanse.proto.v1.ReportTrainingRequest;
import org.hanse.proto.v1.SendMessageRequest;
import org.hanse.proto.v1.Stage;
import org.hanse.proto.v1.WatchJobRequest;
import org.hanse.proto.v1.WorkItem;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.TrainingReport;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;
import org.junit.jupiter.api.Test;

/** Rules between the fields of a message. */
class CrossFieldRulesTest {
  private final Samples samples = new Samples(5);

  /** Why hybrid suites take no more members: 32 dropouts, 32 survivors, trees of 63 leaves. */
  @Test
  void revelation_largestOfAHybridSuite_fitsAMessage() {
    Samples hybrid = new Samples(7).hybrid();
    SortedMap<Fingerprint, SecretBytes> secrets = new TreeMap<>();
    for (int site = 0; site < Limits.MAX_HYBRID_MEMBERS; site++) {
      secrets.put(hybrid.fingerprint(), SecretBytes.adopt(hybrid.array(32)));
    }
    List<ToSite.Delivery> pairs =
        Stream.generate(() -> hybrid.delivery(6)).limit(WireLimits.MAX_ENCAPSULATIONS).toList();
    assertThat(
            AuditMessages.encode(new Revelation(secrets, new Encapsulations(pairs)))
                .getSerializedSize())
        .isBetween(2_700_000, WireLimits.MAX_MESSAGE_BYTES);
  }

  private static MalformedMessageException refusal(ThrowingCallable decode) {
    return catchThrowableOfType(MalformedMessageException.class, decode);
  }

  private static WorkItem item(WorkContent content) {
    return WorkMessages.encode(new Samples(6).work(content));
  }

  private static Attempt numbered(Attempt attempt, int number) {
    return attempt.toBuilder().setAttempt(number).build();
  }

  @Test
  void decodeWork_stageOfOtherContent_isRefused() {
    WorkItem result = item(new WorkContent.Step(samples.result()));

    assertThat(
            refusal(
                () -> WorkMessages.decode(result.toBuilder().setStage(Stage.STAGE_QUORUM).build())))
        .hasMessage("stage: must be the stage of the item's content");
  }

  @Test
  void decodeWork_trainingInLaterAttempt_isRefused() {
    WorkItem train = item(samples.train(false));

    assertThat(
            refusal(() ->
                WorkMessages.decode(
                    train.toBuilder().setAttempt(numbered(train.getAttempt(), 1)).build())))
        .hasMessage("attempt.attempt: must be 0, not 1");
  }

  @Test
  void decodeWork_adoptionInTheFirstRound_isRefused() {
    WorkItem adopting = item(samples.train(true));
    WorkItem.Builder first = adopting.toBuilder();
    first.getAttemptBuilder().setRound(1);

    assertThat(refusal(() -> WorkMessages.decode(first.build())))
        .hasMessage("train.adoption: must not be set in round 1");

    first.getAttemptBuilder().setRound(2);
    assertThat(WorkMessages.decode(first.build()).content())
        .isEqualTo(WorkMessages.decode(adopting).content());
  }

  @Test
  void decodeAttempt_firstAndLastNumbers_areTaken() {
    for (AttemptId edge :
        List.of(
            new AttemptId(new RoundId(new JobId("a"), 1), 0),
            new AttemptId(new RoundId(new JobId("a"), 1_000_000), 15))) {
      assertThat(AttemptMessages.decode(AttemptMessages.encodeUploadStatusRequest(edge)))
          .isEqualTo(edge);
    }
  }

  @Test
  void decodeVerdict_againstTheResultWithAModel_isRefused() {
    FromSite.Verdict against =
        new FromSite.Verdict(false, samples.hash(), FromSite.Verdict.NO_MODEL, samples.signature());
    SendMessageRequest request = SiteMessages.encode(samples.sent(against));
    assertThat(SiteMessages.decode(request).message()).isEqualTo(against);
    SendMessageRequest.Builder withModel = request.toBuilder();
    withModel.getVerdictBuilder().setNextModelHash(FieldPath.bytesOf(samples.hash()));

    assertThat(refusal(() -> SiteMessages.decode(withModel.build())))
        .hasMessage("verdict.next_model_hash: must be 32 zero bytes unless ok");
  }

  @Test
  void decodeEvent_siteRefusesItsOwnBox_isRefused() {
    SiteId site = new SiteId("site-1");
    JobEvent event =
        JobEventMessages.encode(
            samples.entry(
                new JobEventValue.ShareRefused(
                    samples.attempt(), site, site, ComplaintReason.SHARE_INVALID)));

    assertThat(refusal(() -> JobEventMessages.decode(event)))
        .hasMessage("share_refused.dealer: must not be the holder");
  }

  @Test
  void decodeEvent_siteSittingTheRoundOutInALaterAttempt_isRefused() {
    for (DeclineReason reason : DeclineReason.values()) {
      JobEvent event =
          JobEventMessages.encode(
              samples.entry(
                  new JobEventValue.SiteLeft(
                      new AttemptId(samples.attempt().round(), 1),
                      new SiteId("site-1"),
                      new JobEventValue.LeaveReason.Declined(reason))));

      assertThat(refusal(() -> JobEventMessages.decode(event)))
          .hasMessage("left.attempt.attempt: must be 0, not 1");
    }
  }

  @Test
  void decodePositions_trainingInLaterAttempt_isRefused() {
    NextWorkRequest request =
        AttemptMessages.encodePositions(List.of(samples.work(samples.train(false)).position()));
    NextWorkRequest.Builder later = request.toBuilder();
    later.getPositionsBuilder(0).getAttemptBuilder().setAttempt(2);

    assertThat(refusal(() -> AttemptMessages.decode(later.build())))
        .hasMessage("positions[0].attempt.attempt: must be 0, not 2");
  }

  @Test
  void decodeReport_laterAttempt_isRefused() {
    ReportTrainingRequest report = SiteMessages.encode(samples.report(new TrainingReport.Ready()));

    assertThat(
            refusal(() ->
                SiteMessages.decode(
                    report.toBuilder().setAttempt(numbered(report.getAttempt(), 3)).build())))
        .hasMessage("attempt.attempt: must be 0, not 3");
  }

  @Test
  void decodeClosed_publishedWithReasonOrNeither_isRefused() {
    WorkItem published = item(samples.closed(true));

    for (AttemptClosed wrong :
        List.of(
            AttemptClosed.newBuilder().setPublished(true).setReason("SHARE_REFUSED").build(),
            AttemptClosed.getDefaultInstance())) {
      assertThat(refusal(() -> WorkMessages.decode(published.toBuilder().setClosed(wrong).build())))
          .hasMessage("closed.reason: must be empty if published, and only then");
    }
  }

  @Test
  void decodeEnded_reasonThatDoesNotFitOutcome_isRefused() {
    WorkItem ended = item(samples.ended(org.hanse.wire.value.JobState.COMPLETED));

    for (JobEnded wrong :
        List.of(
            JobEnded.newBuilder()
                .setOutcome(JobOutcome.JOB_OUTCOME_COMPLETED)
                .setReason("SHARE_REFUSED")
                .build(),
            JobEnded.newBuilder().setOutcome(JobOutcome.JOB_OUTCOME_FAILED).build())) {
      assertThat(refusal(() -> WorkMessages.decode(ended.toBuilder().setEnded(wrong).build())))
          .hasMessage("ended.reason: must be set if failed or aborted, and only then");
    }
  }

  @Test
  void decodeEvent_finishedAsRunning_isRefused() {
    JobEvent event = JobEventMessages.encode(samples.entry(samples.finished()));
    JobFinished running =
        event.getFinished().toBuilder().setState(JobState.JOB_STATE_RUNNING).setReason("").build();

    assertThat(
            refusal(() -> JobEventMessages.decode(event.toBuilder().setFinished(running).build())))
        .hasMessage("finished.state: must be a state that ends a job");
  }

  @Test
  void decodeEvent_pausedByNobodyForNoReason_isRefused() {
    JobEventValue paused =
        new JobEventValue.Paused(samples.standing(org.hanse.wire.value.JobState.PAUSED));
    JobEvent event =
        JobEventMessages.encode(samples.entry(paused)).toBuilder()
            .setPaused(PausedJob.getDefaultInstance())
            .build();

    assertThat(refusal(() -> JobEventMessages.decode(event)))
        .hasMessage("paused.reason: must fit the state and the order");
  }

  @Test
  void decodeStatus_moreRoundsPublishedThanPlanned_isRefused() {
    JobStatus status =
        JobMessages.encode(samples.summary()).toBuilder()
            .setPlannedRounds(7)
            .setPublishedRounds(8)
            .build();

    assertThat(refusal(() -> JobMessages.decode(status)))
        .hasMessage("published_rounds: must be from 0 to 7, not 8");
  }

  @Test
  void decodeWatch_sequenceZero_isTheStart() {
    WatchJobRequest request = WatchJobRequest.newBuilder().setJob("a").build();

    assertThat(JobMessages.decode(request).fromSequence()).isEqualTo(1);
  }

  @Test
  void encode_uploadCommitAsMessage_isOurBug() {
    AttemptMessage commit = samples.sent(samples.commit());

    assertThatThrownBy(() -> SiteMessages.encode(commit))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void step_roundStart_isOurBug() {
    ToSite.RoundStart start = new ToSite.RoundStart(samples.attempt(), samples.hash(), List.of());

    assertThatThrownBy(() -> new WorkContent.Step(start))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void verified_entriesOfAllCertificates_isRoundStart() {
    WorkContent.Start start = samples.start();
    List<RosterEntry> entries =
        start.certificates().stream()
            .map(c -> new RosterEntry(samples.fingerprint(), samples.key()))
            .toList();
    Work work = samples.work(start);

    assertThat(start.verified(work.attempt(), entries))
        .isEqualTo(new ToSite.RoundStart(work.attempt(), start.modelHash(), entries));
    assertThatThrownBy(() -> start.verified(work.attempt(), entries.subList(1, entries.size())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void leaveReasons_namesOfBothLists_areDistinct() {
    assertThat(
            Stream.concat(
                Arrays.stream(DropReason.values()).map(Enum::name),
                Arrays.stream(DeclineReason.values()).map(Enum::name)))
        .doesNotHaveDuplicates();
  }

  @Test
  void constants_everyClosedList_roundTrips() {
    for (SiteRefusal reason : SiteRefusal.values()) {
      AttemptMessage withdrawal = samples.sent(new FromSite.Withdrawal(reason));
      assertThat(SiteMessages.decode(SiteMessages.encode(withdrawal))).isEqualTo(withdrawal);
    }
    for (AbortReason reason : AbortReason.values()) {
      Work work = samples.work(new WorkContent.AttemptClosed(Optional.of(reason)));
      assertThat(WorkMessages.decode(WorkMessages.encode(work))).isEqualTo(work);
    }
    for (DropReason reason : DropReason.values()) {
      JobEventEntry left =
          samples.entry(
              new JobEventValue.SiteLeft(
                  samples.attempt(),
                  new SiteId("site-1"),
                  new JobEventValue.LeaveReason.Dropped(reason)));
      assertThat(JobEventMessages.decode(JobEventMessages.encode(left))).isEqualTo(left);
    }
    for (DeclineReason reason : DeclineReason.values()) {
      var report = samples.report(new TrainingReport.Declined(reason));
      assertThat(SiteMessages.decode(SiteMessages.encode(report))).isEqualTo(report);
    }
    for (ComplaintReason reason : ComplaintReason.values()) {
      AttemptMessage complaint =
          samples.sent(new FromSite.Complaint(samples.fingerprint(), reason, samples.signature()));
      assertThat(SiteMessages.decode(SiteMessages.encode(complaint))).isEqualTo(complaint);
    }
    for (var state : org.hanse.wire.value.JobState.values()) {
      if (state.ended()) {
        Work work = samples.work(samples.ended(state));
        assertThat(WorkMessages.decode(WorkMessages.encode(work))).isEqualTo(work);
      }
    }
    assertThat(Optional.of(samples.work(samples.train(true))))
        .hasValueSatisfying(work ->
            assertThat(AttemptMessages.decode(AttemptMessages.encodeNextWork(Optional.of(work))))
                .contains(work));
  }
}
