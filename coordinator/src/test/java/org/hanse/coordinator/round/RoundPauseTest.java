package org.hanse.coordinator.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AbortReason;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.WorkPosition;
import org.hanse.wire.value.WorkStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A round that somebody wants to stand still. */
class RoundPauseTest {
  private final RoundScript round = new RoundScript(TestJob.of(TestJob.Shape.of(5)));

  @Test
  void recruiting_standsStillAtOnce() {
    round.came(0, 1);
    pause();

    assertThat(pending().attempts()).isZero();
    assertThat(pending().attendance().of(round.site(1)).presence()).isEqualTo(new Presence.Here());
  }

  @Test
  void training_standsStillAtOnce_andItsAlarmChangesNothing() {
    round.came(0, 1, 2, 3, 4);
    round.trained(0, 1, 2);
    pause();

    assertThat(pending().attempts()).isZero();
    round.awaitAlarm();
    assertThat(round.state).isInstanceOf(RoundState.Pending.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = WorkStage.class,
      names = {"START", "ROSTER", "SHARES", "SURVIVORS"})
  void attempt_nobodyWasAskedToRelease_endsAndIsNeverUsedAgain(WorkStage stage) {
    attemptAt(stage);
    AttemptId first = ((RoundState.InAttempt) round.state).attempt().id();
    pause();

    assertThat(pending().attempts()).isEqualTo(1);
    assertThat(round.last)
        .contains(
            new RoundEffect.DiscardAttempt(first),
            new RoundEffect.Report(new JobEventValue.AttemptAborted(first, AbortReason.PAUSED)));
    assertThat(round.last.getFirst()).isEqualTo(new RoundEffect.Persist());
  }

  @Test
  void attempt_sitesAreAskedToRelease_isFinished() {
    attemptAt(WorkStage.QUORUM);
    RoundState before = round.state;
    pause();
    assertThat(round.state).isEqualTo(before);

    for (int site = 0; site < 5; site++) {
      round.speakAgain(site);
      round.answer(site);
    }
    assertThat(round.state).isInstanceOf(RoundState.Applying.class);
    pause();
    assertThat(round.state).isInstanceOf(RoundState.Applying.class);
  }

  @Test
  void attempt_lastThatTheManifestAllows_isFinished() {
    int attempts = round.plan().maxAttempts();
    round.resumption = new Resumption(1, attempts - 1);
    reopen();
    attemptAt(WorkStage.SHARES);
    RoundState before = round.state;
    pause();

    assertThat(round.state).isEqualTo(before);
  }

  @Test
  void openedAnew_workIsBeyondAllBefore_andAttemptsGoOnCounting() {
    attemptAt(WorkStage.SHARES);
    WorkPosition last = newest().position();
    pause();
    round.resumption = new Resumption(1, pending().attempts());
    List<RoundEffect.Assign> training = assignments(reopen());

    assertThat(training)
        .isNotEmpty()
        .allSatisfy(work -> {
          assertThat(work.position().stage()).isEqualTo(WorkStage.TRAIN);
          assertThat(work.position()).isGreaterThan(last);
        });
    for (int site = 0; site < 5; site++) {
      round.speakAgain(site);
    }
    round.trained(0, 1, 2, 3, 4);
    assertThat(round.state).isInstanceOf(RoundState.Applying.class);
    assertThat(((RoundState.InAttempt) round.state).attempt().id().attempt()).isEqualTo(1);
    assertThat(newest().position().pauses()).isEqualTo(1);
  }

  private void pause() {
    round.event(new RoundEvent.PauseRequested(round.now));
  }

  private RoundState.Pending pending() {
    return (RoundState.Pending) round.state;
  }

  /** Opens the round again, with the sites that are known to be there. */
  private List<RoundEffect> reopen() {
    Map<Fingerprint, Presence> known = round.state.attendance().presences();
    RoundStep step = round.machine.open(round.plan(), known, round.now);
    round.state = step.next();
    return step.effects();
  }

  /** Everybody has trained, and all are asked for what answers {@code stage}. */
  private void attemptAt(WorkStage stage) {
    round.stopBefore(stage, 0, 1, 2, 3, 4);
    round.came(0, 1, 2, 3, 4);
    round.trained(0, 1, 2, 3, 4);
    assertThat(newest().position().stage()).isEqualTo(stage);
  }

  private RoundEffect.Assign newest() {
    return assignments(round.effects).getLast();
  }

  private static List<RoundEffect.Assign> assignments(List<RoundEffect> effects) {
    return effects.stream()
        .filter(RoundEffect.Assign.class::isInstance)
        .map(RoundEffect.Assign.class::cast)
        .toList();
  }
}
