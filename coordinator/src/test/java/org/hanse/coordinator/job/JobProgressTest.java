package org.hanse.coordinator.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.MetricSpec;
import org.hanse.core.plan.ModelSelection;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.wire.value.JobStanding;
import org.hanse.wire.value.JobState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What follows a round: three are planned, two sums may be revealed on one model. */
class JobProgressTest {
  private static final Hash NEXT_MODEL = LabelledHash.sha256("next model".getBytes(UTF_8));
  private static final JobManifest MANIFEST = TestJob.of(TestJob.Shape.of(5).rounds(3)).manifest();
  private static final List<Double> METRICS = List.of(0.5, 0.75);
  private static final JobProgress START = JobProgress.start(MANIFEST);

  @Test
  void start_firstRoundFromTheInitialModel() {
    assertThat(START.round().round()).isEqualTo(1);
    assertThat(START.model()).isEqualTo(MANIFEST.training().initialModelHash());
    assertThat(START.adoption()).isEmpty();
  }

  @Test
  void afterPublished_roundsLeft_nextRoundFromTheNewModel() {
    JobProgress next =
        running(START.published(MANIFEST, proof(), METRICS).afterPublished(MANIFEST));
    assertThat(next.round().round()).isEqualTo(2);
    assertThat(next.model()).isEqualTo(NEXT_MODEL);
    assertThat(next.adoption()).contains(proof());
    assertThat(next.publishedRounds()).isEqualTo(1);
    assertThat(next.discarded()).isZero();
  }

  @Test
  void afterPublished_lastRound_completed() {
    JobProgress last = at(3);
    assertThat(last.published(MANIFEST, proof(), METRICS).afterPublished(MANIFEST))
        .isEqualTo(new JobProgress.Next.End(JobStanding.COMPLETED));
  }

  @ParameterizedTest
  @EnumSource(
      value = AbortReason.class,
      names = {"VERDICTS_MISSING", "RESULT_REFUSED", "COORDINATOR_STORAGE"})
  void afterGivenUp_forPeopleToLookAt_pausedBeforeTheNextRound(AbortReason reason) {
    JobProgress.Next.Pause pause =
        (JobProgress.Next.Pause) START.afterGivenUp(MANIFEST, reason, true);
    assertThat(pause.reason()).isEqualTo(reason);
    assertThat(pause.progress().round().round()).isEqualTo(2);
    assertThat(pause.progress().model()).isEqualTo(START.model());
    assertThat(pause.progress().discarded()).isEqualTo(1);

    assertThat(pause.progress().afterGivenUp(MANIFEST, reason, true)).isEqualTo(failed(reason));
    assertThat(at(3).afterGivenUp(MANIFEST, reason, false)).isEqualTo(failed(reason));
  }

  @Test
  void afterGivenUp_defectOfTheCoordinator_failedThoughSpent() {
    assertThat(START.afterGivenUp(MANIFEST, AbortReason.COORDINATOR_FAILED, true))
        .isEqualTo(failed(AbortReason.COORDINATOR_FAILED));
  }

  @Test
  void afterGivenUp_byUser_aborted() {
    assertThat(START.afterGivenUp(MANIFEST, AbortReason.ABORTED_BY_USER, true))
        .isEqualTo(
            new JobProgress.Next.End(
                JobStanding.of(JobState.ABORTED, AbortReason.ABORTED_BY_USER)));
  }

  @ParameterizedTest
  @EnumSource(
      value = AbortReason.class,
      names = {
        "QUORUM_NOT_REACHED",
        "TOO_FEW_SURVIVORS",
        "STATEMENT_NOT_CONFIRMED",
        "RECONSTRUCTION_FAILED",
        "SHARE_REFUSED",
        "RESULT_IMPLAUSIBLE",
        "ATTEMPTS_EXHAUSTED"
      })
  void afterGivenUp_spentOnce_trainsAnewOnTheSameModelAndThenFails(AbortReason reason) {
    assertThat(START.afterGivenUp(MANIFEST, reason, false)).isEqualTo(failed(reason));
    JobProgress again = running(START.afterGivenUp(MANIFEST, reason, true));
    assertThat(again.round().round()).isEqualTo(2);
    assertThat(again.model()).isEqualTo(START.model());
    assertThat(again.discarded()).isEqualTo(1);
    assertThat(again.afterGivenUp(MANIFEST, reason, true))
        .isEqualTo(failed(AbortReason.ROUNDS_DISCARDED));
    assertThat(again.afterGivenUp(MANIFEST, reason, false)).isEqualTo(failed(reason));
  }

  @Test
  void afterGivenUp_publishedInBetween_countsAnew() {
    AbortReason reason = AbortReason.RESULT_IMPLAUSIBLE;
    JobManifest manifest = TestJob.of(TestJob.Shape.of(5).rounds(9)).manifest();
    JobProgress second = running(START.afterGivenUp(manifest, reason, true));
    JobProgress third =
        running(second.published(MANIFEST, proof(), METRICS).afterPublished(manifest));

    JobProgress fourth = running(third.afterGivenUp(manifest, reason, true));
    assertThat(fourth.round().round()).isEqualTo(4);
    assertThat(fourth.model()).isEqualTo(NEXT_MODEL);
    assertThat(fourth.adoption()).contains(proof());
    assertThat(fourth.publishedRounds()).isEqualTo(1);
    assertThat(fourth.afterGivenUp(manifest, reason, true))
        .isEqualTo(failed(AbortReason.ROUNDS_DISCARDED));
  }

  @Test
  void afterGivenUp_moreReleasesAllowed_threeInARowEndTheJob() {
    AbortReason reason = AbortReason.RECONSTRUCTION_FAILED;
    JobManifest manifest =
        TestJob.of(TestJob.Shape.of(5).rounds(9)).withReleasesPerModel(5).manifest();
    JobProgress third =
        running(
            running(START.afterGivenUp(manifest, reason, true))
                .afterGivenUp(manifest, reason, true));

    assertThat(third.afterGivenUp(manifest, reason, true))
        .isEqualTo(failed(AbortReason.ROUNDS_DISCARDED));
  }

  @Test
  void convicting_membersOfARound_areNotForgottenInLaterOnes() {
    Fingerprint first = MANIFEST.consortium().members().getFirst().signingKey();
    Fingerprint last = MANIFEST.consortium().members().getLast().signingKey();
    JobProgress second =
        running(
            START
                .convicting(List.of(first))
                .afterGivenUp(MANIFEST, AbortReason.RECONSTRUCTION_FAILED, true));

    assertThat(
            second
                .convicting(List.of(first, last))
                .published(MANIFEST, proof(), METRICS)
                .convicted())
        .containsOnly(Map.entry(first, 1L), Map.entry(last, 2L));
  }

  @Test
  void published_jobThatSelectsNone_hasNoBest() {
    assertThat(START.published(MANIFEST, proof(), METRICS).best()).isEmpty();
  }

  @Test
  void published_measuresTheModelItStartedFrom_andKeepsTheBest() {
    JobManifest manifest = selecting(OptionalLong.empty());
    JobProgress one = START.published(manifest, proof(), List.of(0.9, 0.5));
    assertThat(one.best()).contains(new BestModel(START.model(), 0, 0.9));

    JobProgress two = running(one.afterPublished(manifest)).published(manifest, proof(), low(0.7));
    assertThat(two.best()).contains(new BestModel(NEXT_MODEL, 1, 0.7));

    JobProgress three =
        running(two.afterPublished(manifest)).published(manifest, proof(), low(0.8));
    assertThat(three.best()).isEqualTo(two.best());
  }

  @Test
  void afterPublished_patienceIsOver_completedBeforeTheLastRound() {
    JobManifest manifest = selecting(OptionalLong.of(2));
    JobProgress best = START.published(manifest, proof(), low(0.3));
    JobProgress worse =
        running(best.afterPublished(manifest)).published(manifest, proof(), low(0.4));
    JobProgress again =
        running(worse.afterPublished(manifest)).published(manifest, proof(), low(0.3));

    assertThat(again.afterPublished(manifest))
        .isEqualTo(new JobProgress.Next.End(JobStanding.COMPLETED));
    assertThat(again.best()).contains(new BestModel(START.model(), 0, 0.3));
  }

  @Test
  void afterPublished_betterModelInBetween_patienceBeginsAnew() {
    JobManifest manifest = selecting(OptionalLong.of(2));
    JobProgress progress = START;
    for (double loss : new double[] {0.9, 0.95, 0.8, 0.85, 0.7, 0.75}) {
      progress = running(progress.published(manifest, proof(), low(loss)).afterPublished(manifest));
    }
    assertThat(progress.best()).contains(new BestModel(NEXT_MODEL, 4, 0.7));
  }

  @Test
  void afterGivenUp_trainsAnew_patienceIsNotUsedUp() {
    JobManifest manifest = selecting(OptionalLong.of(1));
    JobProgress second =
        running(START.published(manifest, proof(), low(0.5)).afterPublished(manifest));
    JobProgress third = running(second.afterGivenUp(manifest, AbortReason.SHARE_REFUSED, true));
    assertThat(third.best()).isEqualTo(second.best());
    assertThat(third.published(manifest, proof(), low(0.6)).afterPublished(manifest))
        .isEqualTo(new JobProgress.Next.End(JobStanding.COMPLETED));
  }

  private static List<Double> low(double loss) {
    return List.of(loss, 0.5);
  }

  private static JobManifest selecting(OptionalLong patience) {
    return TestJob.of(TestJob.Shape.of(5).rounds(9))
        .selecting(
            new ModelSelection(MetricSpec.TRAINING_LOSS, ModelSelection.Goal.MINIMIZE, 0, patience))
        .manifest();
  }

  @Test
  void afterGivenUp_lastRoundSpent_failed() {
    assertThat(at(3).afterGivenUp(MANIFEST, AbortReason.TOO_FEW_SURVIVORS, true))
        .isEqualTo(failed(AbortReason.TOO_FEW_SURVIVORS));
  }

  private static JobProgress at(long round) {
    JobProgress progress = START;
    while (progress.round().round() < round) {
      progress = running(progress.published(MANIFEST, proof(), METRICS).afterPublished(MANIFEST));
    }
    return progress;
  }

  private static JobProgress running(JobProgress.Next next) {
    return ((JobProgress.Next.Run) next).progress();
  }

  private static JobProgress.Next failed(AbortReason reason) {
    return new JobProgress.Next.End(JobStanding.of(JobState.FAILED, reason));
  }

  private static AdoptionProof proof() {
    return new AdoptionProof(
        new AttemptId(new RoundId(MANIFEST.job(), 1), 0),
        MANIFEST.training().initialModelHash(),
        List.of(),
        LabelledHash.sha256("result".getBytes(UTF_8)),
        NEXT_MODEL,
        List.of());
  }
}
