package org.hanse.coordinator.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.hanse.wire.value.WorkStage;
import org.junit.jupiter.api.Test;

/** Eight members, c = 1, t = n_min = 5; site 7 deals shares of no polynomial. */
class RoundConvictionTest {
  private static final TestJob JOB = TestJob.of(TestJob.Shape.of(8));
  private static final int LIAR = 7;

  private RoundScript round = new RoundScript(JOB);

  @Test
  void releasing_sharesOfADropoutRebuildAnotherSecret_itIsConvictedAndTheRoundSpent() {
    runAndLoseTheLiar();

    assertThat(round.state)
        .isInstanceOfSatisfying(
            RoundState.Aborted.class,
            aborted -> {
              assertThat(aborted.reason()).isEqualTo(AbortReason.RECONSTRUCTION_FAILED);
              assertThat(aborted.spent()).isTrue();
            });
    assertThat(round.state.attendance().convicted()).containsExactly(round.site(LIAR));
    assertThat(reports(JobEventValue.DealerConvicted.class))
        .containsExactly(
            new JobEventValue.DealerConvicted(
                new AttemptId(round.plan().round(), 0), new SiteId("site-7")));
  }

  @Test
  void anyCourse_afterwards_replaysToTheSame() {
    runAndLoseTheLiar();

    RoundState state = round.machine.open(round.plan(), Map.of(), RoundScript.START).next();
    for (RoundEvent event : round.events) {
      state = round.machine.handle(state, event).next();
    }
    assertThat(state).isEqualTo(round.state);
  }

  @Test
  void open_withAConvictedMember_goesOnWithoutIt() {
    round = new RoundScript(JOB, Set.of(round.site(LIAR)));
    assertThat(reports(JobEventValue.SiteLeft.class))
        .containsExactly(
            new JobEventValue.SiteLeft(
                new AttemptId(round.plan().round(), 0),
                new SiteId("site-7"),
                new JobEventValue.LeaveReason.Dropped(DropReason.CONVICTED)));

    round.came(IntStream.range(0, 8).toArray());
    round.trained(LIAR);
    assertThat(round.last)
        .singleElement()
        .isInstanceOfSatisfying(
            RoundEffect.Reject.class,
            reject ->
                assertThat(reject.rejection())
                    .isEqualTo(new Rejection.ByProtocol(DropReason.CONVICTED)));
    round.event(
        new RoundEvent.TrainingDeclined(
            round.plan().round(), round.site(LIAR), DeclineReason.DATA, round.now));
    round.trained(0, 1, 2, 3, 4, 5, 6);

    assertThat(round.state).isInstanceOf(RoundState.Applying.class);
    assertThat(((RoundState.InAttempt) round.state).attempt().cohort().roster())
        .hasSize(7)
        .doesNotContain(round.site(LIAR));
    assertThat(round.state.attendance().convicted()).containsExactly(round.site(LIAR));
    assertThat(round.effects)
        .noneMatch(
            e -> e instanceof RoundEffect.Assign assign && assign.to().equals(round.site(LIAR)));
  }

  @Test
  void recruiting_convictedMember_doesNotCountAsConnected() {
    round =
        new RoundScript(
            JOB, Set.of(round.site(5), round.site(6), round.site(LIAR))); // five are left

    round.came(0, 1, 2, 3, LIAR);
    assertThat(round.state).isInstanceOf(RoundState.Recruiting.class);
    round.came(4);
    assertThat(round.state).isInstanceOf(RoundState.Training.class);
  }

  @Test
  void open_tooFewMembersAreLeft_givesUpAtOnce() {
    round =
        new RoundScript(JOB, Set.of(round.site(4), round.site(5), round.site(6), round.site(LIAR)));

    assertThat(round.state)
        .isInstanceOfSatisfying(
            RoundState.Aborted.class,
            aborted -> {
              assertThat(aborted.reason()).isEqualTo(AbortReason.QUORUM_NOT_REACHED);
              assertThat(aborted.spent()).isFalse();
            });
  }

  private void runAndLoseTheLiar() {
    round.dealsOffPolynomial(LIAR);
    round.stopBefore(WorkStage.SHARES, LIAR);
    int[] all = IntStream.range(0, 8).toArray();
    round.came(all);
    round.trained(all);
    round.went(LIAR);
    round.awaitAlarm();
  }

  private <T extends JobEventValue> List<T> reports(Class<T> kind) {
    return round.effects.stream()
        .filter(e -> e instanceof RoundEffect.Report r && kind.isInstance(r.event()))
        .map(e -> kind.cast(((RoundEffect.Report) e).event()))
        .toList();
  }
}
