package org.hanse.coordinator.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.coordinator.AggregationStage;
import org.hanse.core.secagg.coordinator.AggregationState;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.hanse.wire.value.WorkContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Five members, t = n_min = 4; deadlines of TestJob: 60 s to recruit and train, 20 s a step. */
class RoundMachineTest {
  private static final Duration STEP = Duration.ofSeconds(20);

  private final RoundScript round = new RoundScript(TestJob.of(TestJob.Shape.of(5)));

  // Recruiting

  @Test
  void recruiting_enoughCame_trainingStartsForEverybody() {
    round.came(0, 1, 2);
    assertThat(round.state).isInstanceOf(RoundState.Recruiting.class);
    round.came(3);

    assertThat(round.state).isInstanceOf(RoundState.Training.class);
    assertThat(assigned(WorkContent.Train.class)).isEqualTo(5);
  }

  @Test
  void recruiting_deadline_givesUpUnspent() {
    round.came(0, 1, 2);
    assertThat(round.alarm).contains(RoundScript.START.plusSeconds(60));
    round.awaitAlarm();

    assertGivenUp(AbortReason.QUORUM_NOT_REACHED, false);
  }

  @Test
  void recruiting_reportsAndMessages_areEarly() {
    round.trained(0);
    assertRejected(DropReason.EARLY);
    round.event(
        new RoundEvent.TrainingDeclined(id(), round.site(0), DeclineReason.DATA, round.now));
    assertRejected(DropReason.EARLY);
    round.event(
        new RoundEvent.UploadUnfit(attempt(0), round.site(0), DropReason.WRONG_ROOT, round.now));
    assertRejected(DropReason.EARLY);
    assertThat(round.state).isInstanceOf(RoundState.Recruiting.class);
  }

  // Training

  @Test
  void training_leaseFiresAndNothingChanges_theDeadlineIsArmed() {
    round.came(0, 1, 2, 3); // site 4 is never heard of
    round.trained(0, 1, 2);
    assertThat(round.alarm).contains(RoundScript.START.plus(RoundScript.LEASE));
    round.awaitAlarm();

    assertThat(round.state).isInstanceOf(RoundState.Training.class);
    assertThat(round.alarm).contains(RoundScript.START.plusSeconds(60));
    round.awaitAlarm();
    assertGivenUp(AbortReason.QUORUM_NOT_REACHED, false);
  }

  @Test
  void training_lastOneAwaitedIsGone_attemptOpensAmongTheOthers() {
    round.came(0, 1, 2, 3);
    round.trained(0, 1, 2, 3);
    assertThat(round.state).isInstanceOf(RoundState.Training.class);
    round.awaitAlarm();

    assertThat(roster()).hasSize(4);
  }

  @Test
  void training_declined_isFinalAndShownOnce() {
    recruitAll();
    round.event(
        new RoundEvent.TrainingDeclined(id(), round.site(4), DeclineReason.DATA, round.now));
    assertThat(reports(JobEventValue.SiteLeft.class)).hasSize(1);
    round.event(
        new RoundEvent.TrainingDeclined(id(), round.site(4), DeclineReason.DATA, round.now));
    assertThat(reports(JobEventValue.SiteLeft.class)).hasSize(1);
    round.trained(4);
    assertRejected(DropReason.NOT_IN_COHORT);
    round.trained(0, 1, 2, 3);

    assertThat(roster()).hasSize(4);
  }

  @Test
  void training_tooManyDecline_givesUpAtOnce() {
    recruitAll();
    for (int site : new int[] {0, 1}) {
      round.event(
          new RoundEvent.TrainingDeclined(id(), round.site(site), DeclineReason.POLICY, round.now));
    }

    assertGivenUp(AbortReason.QUORUM_NOT_REACHED, false);
  }

  @Test
  void training_otherRound_isStale() {
    recruitAll();
    round.event(
        new RoundEvent.TrainingFinished(id().next(), round.site(0), round.certified(0), round.now));

    assertThat(round.last).hasAtLeastOneElementOfType(RoundEffect.Reject.class);
  }

  @Test
  void training_certificateHasEnded_isRefusedAndTheOthersGoOn() {
    recruitAll();
    round.certificateEnds(4, round.now.minusSeconds(1));
    round.trained(4);
    assertRejected(DropReason.KEY_INVALID);
    round.trained(0, 1, 2, 3);
    round.went(4);
    round.awaitAlarm();

    assertThat(roster()).hasSize(4);
  }

  @Test
  void training_certificateEndsBeforeTheRosterIsChecked_staysOut() {
    recruitAll();
    round.certificateEnds(4, round.now.plusSeconds(5));
    round.trained(4, 0, 1, 2, 3);

    assertThat(roster()).hasSize(4);
    assertThat(roster()).doesNotContain(round.site(4));
    assertThat(reports(JobEventValue.SiteLeft.class)).hasSize(1);
  }

  // Aggregating

  @Test
  void attempt_everybodyAnswers_reachesThePublication() {
    recruitAll();
    round.trained(0, 1, 2, 3, 4);
    assertThat(round.state).isInstanceOf(RoundState.Applying.class);
    round.sumApplied();

    assertThat(round.state).isInstanceOf(RoundState.Published.class);
    assertThat(round.effects).hasAtLeastOneElementOfType(RoundEffect.Publish.class);
    assertPersistedBeforeEachAssignment();
  }

  @Test
  void attempt_siteGoneForItsGrace_theOthersGoOn() {
    recruitAll();
    round.silence(4);
    round.trained(0, 1, 2, 3, 4);
    assertThat(stage()).isEqualTo(AggregationStage.START);
    round.went(4);
    round.awaitAlarm();

    assertThat(round.state).isInstanceOf(RoundState.Applying.class);
    assertThat(round.now).isEqualTo(RoundScript.START.plus(RoundScript.GRACE));
  }

  @Test
  void attempt_siteSilentButConnected_isLeftOutAtTheStepsDeadline() {
    recruitAll();
    round.silence(4);
    round.trained(0, 1, 2, 3, 4);
    round.awaitAlarm();

    assertThat(round.now).isEqualTo(RoundScript.START.plus(STEP));
    assertThat(round.state).isInstanceOf(RoundState.Applying.class);
  }

  @Test
  void attempt_tooFewLeft_trainsOnForTheNextAttempt() {
    recruitAll();
    round.silence(3);
    round.silence(4);
    round.trained(0, 1, 2, 3, 4);
    round.went(3, 4);
    round.awaitAlarm();

    RoundState.Training waiting = (RoundState.Training) round.state;
    assertThat(waiting.nextAttempt()).isEqualTo(1);
    assertThat(waiting.lastAbort()).contains(AbortReason.TOO_FEW_SURVIVORS);
    assertThat(round.alarm).isPresent();
    round.speakAgain(3);
    round.speakAgain(4);
    round.came(3, 4);

    assertThat(attemptState().attempt().attempt()).isEqualTo(1);
    assertThat(round.state).isInstanceOf(RoundState.Applying.class);
  }

  @Test
  void attempt_nobodyComesBack_givesUpAtTheLeasesEnd() {
    recruitAll();
    round.silence(3);
    round.silence(4);
    round.trained(0, 1, 2, 3, 4);
    round.went(3, 4);
    round.awaitAlarm();
    for (int alarms = 0; round.state instanceof RoundState.Training && alarms < 10; alarms++) {
      round.awaitAlarm();
    }

    assertGivenUp(AbortReason.TOO_FEW_SURVIVORS, false);
  }

  @Test
  void attempt_declinesWhileItRuns_leavesIt() {
    recruitAll();
    round.silence(4);
    round.trained(0, 1, 2, 3, 4);
    round.event(
        new RoundEvent.TrainingDeclined(id(), round.site(4), DeclineReason.POLICY, round.now));

    assertThat(round.state).isInstanceOf(RoundState.Applying.class);
    assertThat(round.now).isEqualTo(RoundScript.START);
  }

  @Test
  void attempt_unfitUpload_leavesTheSiteOut() {
    recruitAll();
    round.silence(4);
    round.trained(0, 1, 2, 3, 4);
    round.event(
        new RoundEvent.UploadUnfit(attempt(0), round.site(4), DropReason.WRONG_ROOT, round.now));

    assertRejected(DropReason.WRONG_ROOT);
    assertThat(round.state).isInstanceOf(RoundState.Applying.class);
  }

  @Test
  void releasing_blipsLongerThanTheGrace_doNotBurnTheRound() {
    recruitAll();
    reachReleasesWithout(3, 4);
    round.went(0, 1, 2, 3, 4);
    round.now = round.now.plus(RoundScript.GRACE).plusSeconds(3);
    round.event(new RoundEvent.TimePassed(round.now));

    assertThat(stage()).isEqualTo(AggregationStage.QUORUM);
    round.came(3);
    round.speakAgain(3);
    round.answer(3); // now t have released
    round.speakAgain(4);
    round.came(4);
    round.answer(4);
    assertThat(round.state).isInstanceOf(RoundState.Applying.class);
  }

  @Test
  void releasing_enoughReleasedAndTheRestGone_goesOnWithoutThem() {
    recruitAll();
    reachReleasesWithout(4);
    round.went(4);
    round.awaitAlarm();

    assertThat(round.state).isInstanceOf(RoundState.Applying.class);
    assertThat(round.now).isEqualTo(RoundScript.START.plus(RoundScript.GRACE));
  }

  @Test
  void releasing_deadlineWithTooFew_isASpentRound() {
    recruitAll();
    reachReleasesWithout(3, 4);
    round.awaitAlarm();

    assertGivenUp(AbortReason.RECONSTRUCTION_FAILED, true);
  }

  @Test
  void attempt_siteWhoseReleaseWasLostSaysSo_roundIsSpent() {
    recruitAll();
    reachReleasesWithout(3, 4);
    round.said(4, new FromSite.Withdrawal(SiteRefusal.ROUND_ALREADY_RELEASED));

    assertThat(round.state.attendance().of(round.site(4)).released()).isTrue();
  }

  // Applying

  @Test
  void applying_noAnswer_endsAtItsDeadline() {
    recruitAll();
    round.trained(0, 1, 2, 3, 4);
    assertThat(round.alarm).isPresent();
    round.awaitAlarm();

    assertGivenUp(AbortReason.COORDINATOR_FAILED, true);
  }

  @Test
  void applying_aborted_erasesWhatUnmasks() {
    recruitAll();
    round.trained(0, 1, 2, 3, 4);
    RoundEffect.Unmask unmask =
        round.effects.stream()
            .filter(RoundEffect.Unmask.class::isInstance)
            .map(RoundEffect.Unmask.class::cast)
            .findFirst()
            .orElseThrow();
    round.event(new RoundEvent.StopRequested(AbortReason.ABORTED_BY_USER, round.now));

    assertGivenUp(AbortReason.ABORTED_BY_USER, true);
    assertThatThrownBy(() -> unmask.unmasker().tag0()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void applying_sumFailed_givesUpTheRound() {
    recruitAll();
    round.trained(0, 1, 2, 3, 4);
    round.event(new RoundEvent.SumFailed(attempt(0), AbortReason.RESULT_IMPLAUSIBLE, round.now));

    assertGivenUp(AbortReason.RESULT_IMPLAUSIBLE, true);
  }

  @Test
  void applying_sumOfAnotherAttempt_changesNothing() {
    recruitAll();
    round.trained(0, 1, 2, 3, 4);
    round.event(new RoundEvent.SumFailed(attempt(1), AbortReason.RESULT_IMPLAUSIBLE, round.now));

    assertThat(round.state).isInstanceOf(RoundState.Applying.class);
  }

  // Verifying

  @Test
  void verifying_allConnectionsLostForAWhile_waitsForTheDeadline() {
    reachVerdictsOf(0, 1);
    round.went(0, 1, 2, 3, 4);
    round.now = round.now.plus(RoundScript.GRACE).plusSeconds(2);
    round.event(new RoundEvent.TimePassed(round.now));
    assertThat(round.state).isInstanceOf(RoundState.Verifying.class);

    round.came(2, 3);
    round.speakAgain(2);
    round.answer(2);
    round.speakAgain(3);
    round.answer(3);
    assertThat(round.state).isInstanceOf(RoundState.Published.class);
  }

  @Test
  void verifying_deadlineWithOneHonestVerdict_publishes() {
    reachVerdictsOf(0, 1);
    round.awaitAlarm();

    assertThat(round.state).isInstanceOf(RoundState.Published.class);
  }

  @Test
  void verifying_deadlineWithTooFewVerdicts_publishesNothing() {
    reachVerdictsOf(0);
    round.awaitAlarm();

    assertGivenUp(AbortReason.VERDICTS_MISSING, true);
  }

  // All

  @Test
  void stopRequested_inAnyState_endsTheRound() {
    round.event(new RoundEvent.StopRequested(AbortReason.ABORTED_BY_USER, round.now));
    assertGivenUp(AbortReason.ABORTED_BY_USER, false);
    List<RoundEffect> before = List.copyOf(round.effects);
    round.trained(0);
    round.event(new RoundEvent.TimePassed(round.now));

    assertThat(round.state).isInstanceOf(RoundState.Aborted.class);
    assertThat(round.effects.subList(before.size(), round.effects.size()))
        .allMatch(RoundEffect.Reject.class::isInstance);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void anyCourse_alwaysHasAnAlarmUntilItIsOver_andReplaysToTheSame(long seed) {
    Random random = new Random(seed);
    for (int events = 0; events < 400 && !over(round.state); events++) {
      int site = random.nextInt(5);
      switch (random.nextInt(7)) {
        case 0 -> round.came(site);
        case 1 -> round.went(site);
        case 2 -> round.trained(site);
        case 3 -> round.silence(site);
        case 4 -> round.speakAgain(site);
        case 5 -> round.answer(site);
        default -> {
          if (round.state instanceof RoundState.Applying && random.nextBoolean()) {
            round.sumApplied();
          } else {
            round.awaitAlarm();
          }
        }
      }
      assertThat(round.alarm.isPresent() || over(round.state))
          .as("seed %d, after %s, in %s", seed, round.events, round.state)
          .isTrue();
    }
    assertThat(over(round.state)).as("seed %d ends", seed).isTrue();

    RoundStep step = round.machine.open(round.plan(), Map.of(), RoundScript.START);
    RoundState state = step.next();
    for (RoundEvent event : round.events) {
      state = round.machine.handle(state, event).next();
    }
    assertThat(state).isEqualTo(round.state);
  }

  private static boolean over(RoundState state) {
    return state instanceof RoundState.Published || state instanceof RoundState.Aborted;
  }

  private void recruitAll() {
    round.came(0, 1, 2, 3, 4);
  }

  /** Everybody confirmed; these do not release. */
  private void reachReleasesWithout(int... numbers) {
    RoundState.Training training = (RoundState.Training) round.state;
    assertThat(training.nextAttempt()).isZero();
    round.stopBeforeRelease(numbers);
    round.trained(0, 1, 2, 3, 4);
    assertThat(stage()).isEqualTo(AggregationStage.QUORUM);
  }

  /** The result is out; only these have voted. */
  private void reachVerdictsOf(int... numbers) {
    recruitAll();
    round.trained(0, 1, 2, 3, 4);
    List<Integer> voting = Arrays.stream(numbers).boxed().toList();
    for (int site = 0; site < 5; site++) {
      if (!voting.contains(site)) {
        round.silence(site);
      }
    }
    round.sumApplied();
    assertThat(round.state).isInstanceOf(RoundState.Verifying.class);
  }

  private List<Fingerprint> roster() {
    return ((RoundState.InAttempt) round.state).attempt().cohort().roster();
  }

  private AggregationState attemptState() {
    return ((RoundState.InAttempt) round.state).attempt().aggregation();
  }

  private AggregationStage stage() {
    return attemptState().stage();
  }

  private RoundId id() {
    return round.plan().round();
  }

  private AttemptId attempt(int number) {
    return new AttemptId(id(), number);
  }

  private long assigned(Class<? extends WorkContent> kind) {
    return round.effects.stream()
        .filter(e -> e instanceof RoundEffect.Assign a && kind.isInstance(a.content()))
        .count();
  }

  private <T extends JobEventValue> List<T> reports(Class<T> kind) {
    return round.effects.stream()
        .filter(e -> e instanceof RoundEffect.Report r && kind.isInstance(r.event()))
        .map(e -> kind.cast(((RoundEffect.Report) e).event()))
        .toList();
  }

  private void assertRejected(DropReason reason) {
    assertThat(round.last)
        .filteredOn(RoundEffect.Reject.class::isInstance)
        .extracting(e -> ((RoundEffect.Reject) e).rejection().toString())
        .anySatisfy(text -> assertThat(text).contains(reason.name()));
  }

  private void assertGivenUp(AbortReason reason, boolean spent) {
    assertThat(round.state).isInstanceOf(RoundState.Aborted.class);
    RoundState.Aborted aborted = (RoundState.Aborted) round.state;
    assertThat(aborted.reason()).isEqualTo(reason);
    assertThat(aborted.spent()).isEqualTo(spent);
  }

  /** In the effects of one step, the choice is durable before any site hears of it. */
  private void assertPersistedBeforeEachAssignment() {
    assertThat(round.persistedFirst).isTrue();
  }
}
