package org.hanse.coordinator.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.wire.value.WorkStage;
import org.junit.jupiter.api.Test;

/** A coordinator that stops, and one that goes on an hour later, or by a clock set back. */
class RoundRestartTest {
  private static final Duration PAUSE = Duration.ofHours(1);

  private final RoundScript round = new RoundScript(TestJob.of(TestJob.Shape.of(5)));

  @Test
  void recruiting_sitesMustCallAgain_forAsLongAsWasLeft() {
    round.came(0, 1, 2);
    round.now = round.now.plusSeconds(40);
    restart(PAUSE);

    assertThat(round.alarm).contains(round.now.plusSeconds(20));
    round.came(3);
    assertThat(round.state).isInstanceOf(RoundState.Recruiting.class);
    round.came(0, 1, 2);
    assertThat(round.state).isInstanceOf(RoundState.Training.class);
  }

  @Test
  void training_reportsBeforeAndAfter_countTogether() {
    round.came(0, 1, 2, 3, 4);
    round.trained(0, 1, 2);
    restart(PAUSE);

    round.came(0, 1, 2, 3, 4);
    round.trained(3, 4);
    assertThat(round.state).isInstanceOf(RoundState.Applying.class);
  }

  @Test
  void training_siteThatDoesNotComeBack_isGoneAfterItsLease() {
    round.came(0, 1, 2, 3, 4);
    round.trained(0, 1, 2, 3);
    restart(PAUSE);
    round.came(0, 1, 2, 3);

    assertThat(round.alarm).contains(round.now.plus(RoundScript.LEASE));
    round.awaitAlarm();
    assertThat(((RoundState.InAttempt) round.state).attempt().cohort().roster())
        .hasSize(4)
        .doesNotContain(round.site(4));
  }

  @Test
  void aggregating_sitesHaveALeaseToComeBack_andTheStepItsRest() {
    round.came(0, 1, 2, 3, 4);
    round.stopBefore(WorkStage.SHARES, 4);
    round.trained(0, 1, 2, 3, 4);
    round.now = round.now.plusSeconds(5);
    restart(PAUSE);

    assertThat(round.alarm).contains(round.now.plusSeconds(15)); // of 20
    Instant stepEnd = round.now.plusSeconds(15);
    round.now = round.now.plusSeconds(14);
    round.event(new RoundEvent.TimePassed(round.now)); // longer than its grace, not its lease
    assertThat(stage()).isEqualTo(WorkStage.SHARES);
    round.came(0, 1, 2, 3, 4);
    round.speakAgain(4);
    round.answer(4);
    assertThat(round.state).isInstanceOf(RoundState.Applying.class);
    assertThat(round.now).isBefore(stepEnd);
  }

  @Test
  void anyState_clockSetBackMeanwhile_isAsFarFromItsDeadline() {
    round.came(0, 1, 2, 3, 4);
    round.trained(0, 1);
    Duration left = Duration.between(round.now, round.alarm.orElseThrow());
    restart(Duration.ofDays(-1));

    assertThat(Duration.between(round.now, ((RoundState.Training) round.state).deadline()))
        .isEqualTo(Duration.ofSeconds(60));
    assertThat(left).isPositive();
  }

  @Test
  void restart_isDurableAndSetsTheAlarmAnew() {
    round.came(0, 1, 2, 3, 4);
    restart(PAUSE);

    assertThat(round.last).first().isInstanceOf(RoundEffect.Persist.class);
    assertThat(round.last).hasAtLeastOneElementOfType(RoundEffect.WakeAt.class);
  }

  @Test
  void replay_ofEverything_givesTheSameState() {
    round.came(0, 1, 2, 3, 4);
    round.trained(0, 1, 2);
    restart(PAUSE);
    round.came(0, 1, 2, 3, 4);
    round.trained(3, 4);
    restart(PAUSE);
    round.sumApplied();
    restart(PAUSE);

    assertThat(round.state).isInstanceOf(RoundState.Published.class);
    RoundState replayed = round.machine.open(round.plan(), Map.of(), RoundScript.START).next();
    for (RoundEvent event : round.events) {
      replayed = round.machine.handle(replayed, event).next();
    }
    assertThat(replayed).isEqualTo(round.state);
  }

  @Test
  void sumApplied_metrics_arePublished() {
    round.came(0, 1, 2, 3, 4);
    round.trained(0, 1, 2, 3, 4);
    RoundEvent.Sum sum =
        new RoundEvent.Sum(
            RoundScript.NEXT_MODEL,
            new RoundEvent.Tags(1, 2),
            RoundScript.NEXT_MODEL,
            List.of(0.5, 0.25));
    round.event(
        new RoundEvent.SumApplied(
            ((RoundState.Applying) round.state).attempt().id(), sum, round.now));

    assertThat(published().orElseThrow().metrics()).containsExactly(0.5, 0.25);
  }

  private Optional<RoundEffect.Publish> published() {
    return round.effects.stream()
        .filter(RoundEffect.Publish.class::isInstance)
        .map(RoundEffect.Publish.class::cast)
        .findFirst();
  }

  private WorkStage stage() {
    return WorkStage.valueOf(
        ((RoundState.InAttempt) round.state).attempt().aggregation().stage().name());
  }

  /** No alarm outlives a process. */
  private void restart(Duration pause) {
    Instant stoppedAt = round.now;
    round.now = round.now.plus(pause);
    round.alarm = Optional.empty();
    round.event(new RoundEvent.Restarted(stoppedAt, round.now));
  }
}
