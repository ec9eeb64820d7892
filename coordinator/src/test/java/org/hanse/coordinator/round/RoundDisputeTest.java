package org.hanse.coordinator.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ComplaintReason;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.WorkStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One site's word against another's over a box. Seven members, c = 1, t = n_min = 5. */
class RoundDisputeTest {
  private RoundScript round = new RoundScript(TestJob.of(TestJob.Shape.of(7)));

  @AfterEach
  void round_afterAnything_replaysToTheSame() {
    RoundState state = round.machine.open(round.plan(), Map.of(), RoundScript.START).next();
    for (RoundEvent event : round.events) {
      state = round.machine.handle(state, event).next();
    }
    assertThat(state.getClass()).isEqualTo(round.state.getClass());
    assertThat(state.attendance()).isEqualTo(round.state.attendance());
    if (state instanceof RoundState.InAttempt running) {
      assertThat(running.attempt().cohort())
          .isEqualTo(((RoundState.InAttempt) round.state).attempt().cohort());
    }
  }

  @Test
  void complaint_always_nextAttemptIsWithoutBoth() {
    openUntilTheBoxes(5);

    round.complains(5, 6);

    assertThat(rosters()).containsExactly(sites(0, 1, 2, 3, 4, 5, 6), sites(0, 1, 2, 3, 4));
    assertThat(round.state).isInstanceOf(RoundState.Applying.class);
    assertThat(reports(JobEventValue.ShareRefused.class))
        .containsExactly(
            new JobEventValue.ShareRefused(
                new AttemptId(round.plan().round(), 0),
                new SiteId("site-5"),
                new SiteId("site-6"),
                ComplaintReason.BOX_UNREADABLE));
    assertThat(reports(JobEventValue.AttemptAborted.class))
        .singleElement()
        .matches(aborted -> aborted.reason() == AbortReason.SHARE_REFUSED);
    round.sumApplied();
    assertThat(round.state).isInstanceOf(RoundState.Published.class);
  }

  @Test
  void complaint_isDurableBeforeAnythingFollows() {
    openUntilTheBoxes(5);

    round.complains(5, 6);

    assertThat(round.last.getFirst()).isEqualTo(new RoundEffect.Persist());
    assertThat(round.persistedFirst).isTrue();
  }

  @Test
  void complaint_attemptAfterTheNext_bothAreBack() {
    openUntilTheBoxes(5);
    round.silence(4);
    round.complains(5, 6);
    round.went(4);
    round.awaitAlarm(); // the attempt without both is one site short

    assertThat(rosters()).last().isEqualTo(sites(0, 1, 2, 3, 5, 6));
    assertThat(attemptNumber()).isEqualTo(2);
  }

  @Test
  void complaint_againstTwoPeers_staysOutOfTheRound() {
    Disputes none = Disputes.NONE;
    Disputes one = none.with(round.site(1), 0);
    Disputes sameAgain = one.with(round.site(1), 2);
    Disputes two = one.with(round.site(2), 2);

    assertThat(none.bar(0)).isFalse();
    assertThat(one.bar(1)).isTrue();
    assertThat(one.bar(2)).isFalse();
    assertThat(sameAgain.bar(3)).isTrue();
    assertThat(sameAgain.bar(4)).isFalse();
    assertThat(two.bar(3)).isTrue();
    assertThat(two.bar(15)).isTrue();
  }

  @Test
  void complaint_thirdSiteAgainstTheSameDealer_isWithoutAllThree() {
    round = new RoundScript(TestJob.of(TestJob.Shape.of(10)));
    openUntilTheBoxes(5);
    round.stopBefore(WorkStage.START, 0, 1, 2);
    round.stopBefore(WorkStage.SHARES, 7);
    round.complains(5, 6); // the next attempt loses three more
    for (int site : new int[] {0, 1, 2}) {
      round.went(site);
    }
    round.awaitAlarm();
    for (int site : new int[] {0, 1, 2}) {
      round.speakAgain(site);
      round.came(site);
    }
    assertThat(attemptNumber()).isEqualTo(2);

    round.complains(7, 6);

    assertThat(attemptNumber()).isEqualTo(3);
    assertThat(rosters()).last().isEqualTo(sites(0, 1, 2, 3, 4, 5, 8, 9));
  }

  @Test
  void complaint_tooFewOthers_endsTheRoundUnspent() {
    round = new RoundScript(TestJob.of(TestJob.Shape.of(5)));
    openUntilTheBoxes(3);

    round.complains(3, 4);

    assertThat(round.state)
        .isInstanceOfSatisfying(
            RoundState.Aborted.class,
            aborted -> {
              assertThat(aborted.reason()).isEqualTo(AbortReason.SHARE_REFUSED);
              assertThat(aborted.spent()).isFalse();
            });
  }

  @Test
  void complaint_forged_changesNothing() {
    openUntilTheBoxes(5);
    RoundState before = round.state;

    round.said(
        5,
        new FromSite.Complaint(
            round.site(6), ComplaintReason.BOX_UNREADABLE, Bytes.of(new byte[64])));

    assertThat(round.state).isEqualTo(before);
    assertThat(round.last).hasSize(1).hasOnlyElementsOfType(RoundEffect.Reject.class);
  }

  @Test
  void complaint_aboutAnAttemptThatIsOver_changesNothing() {
    openUntilTheBoxes(4, 5);
    round.complains(5, 6);
    RoundState before = round.state;
    RoundEvent first =
        round.events.stream()
            .filter(e ->
                e instanceof RoundEvent.MessageReceived m
                    && m.message() instanceof FromSite.Complaint)
            .findFirst()
            .orElseThrow();

    round.event(first);

    assertThat(round.state).isEqualTo(before);
    assertThat(round.last).hasOnlyElementsOfType(RoundEffect.Reject.class);
    assertThat(reports(JobEventValue.ShareRefused.class)).hasSize(1);
  }

  @Test
  void withdrawal_overABadBox_isADropout() {
    openUntilTheBoxes(5);

    round.said(5, new FromSite.Withdrawal(SiteRefusal.SHARE_INVALID));

    assertThat(attemptNumber()).isZero();
    assertThat(round.state).isInstanceOf(RoundState.Applying.class);
    assertThat(((RoundState.InAttempt) round.state).attempt().cohort().counted()).hasSize(6);
  }

  /** All have their boxes; everybody but these has uploaded. */
  private void openUntilTheBoxes(int... numbers) {
    round.stopBefore(WorkStage.SHARES, numbers);
    int members = round.job.sites().size();
    for (int site = 0; site < members; site++) {
      round.came(site);
    }
    for (int site = 0; site < members; site++) {
      round.trained(site);
    }
    for (int site : numbers) {
      round.speakAgain(site);
    }
    assertThat(attemptNumber()).isZero();
  }

  private int attemptNumber() {
    return ((RoundState.InAttempt) round.state).attempt().id().attempt();
  }

  private Set<Fingerprint> sites(int... numbers) {
    return Set.copyOf(Arrays.stream(numbers).mapToObj(round::site).toList());
  }

  /** Of every attempt so far. */
  private List<Set<Fingerprint>> rosters() {
    List<Set<Fingerprint>> rosters = new ArrayList<>();
    int attempt = 0;
    Set<Fingerprint> current = new TreeSet<>();
    for (RoundEffect effect : round.effects) {
      if (effect instanceof RoundEffect.Assign assign
          && assign.position().stage() == WorkStage.START) {
        if (assign.position().attempt().attempt() != attempt) {
          rosters.add(Set.copyOf(current));
          current.clear();
          attempt = assign.position().attempt().attempt();
        }
        current.add(assign.to());
      }
    }
    rosters.add(Set.copyOf(current));
    return rosters;
  }

  private <T extends JobEventValue> List<T> reports(Class<T> kind) {
    return round.effects.stream()
        .filter(e -> e instanceof RoundEffect.Report r && kind.isInstance(r.event()))
        .map(e -> kind.cast(((RoundEffect.Report) e).event()))
        .toList();
  }
}
