package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.TestConsortium;
import org.junit.jupiter.api.Test;

/** What every state of the coordinator does with events it does not wait for. */
abstract class AggregationStateContract {
  private static final List<Class<? extends FromSite>> ORDER =
      List.of(
          FromSite.Advertisement.class,
          FromSite.Shares.class,
          FromSite.UploadCommit.class,
          FromSite.Confirmation.class,
          FromSite.Release.class,
          FromSite.Verdict.class);

  /** A fresh scenario in the state under test. */
  abstract CoordinatorScenario scenario();

  abstract Class<? extends AggregationState> state();

  /** How many messages of the straggler were taken. */
  abstract int handled();

  /** Whether the straggler's next message is awaited. */
  abstract boolean awaitsStraggler();

  @Test
  final void scenario_always_isInTheStateUnderTest() {
    CoordinatorScenario scenario = scenario();

    assertThat(scenario.state()).isInstanceOf(state());
    assertThat(scenario.state().awaited())
        .isEqualTo(awaitsStraggler() ? Set.of(scenario.straggler) : Set.of());
  }

  @Test
  final void receive_identicalRepeat_nothingHappens() {
    for (Class<? extends FromSite> kind : ORDER.subList(0, handled())) {
      CoordinatorScenario scenario = scenario();
      AggregationState before = scenario.state();

      assertThat(scenario.receive(scenario.message(kind))).isEmpty();

      assertThat(scenario.state()).isSameAs(before);
    }
  }

  @Test
  final void receive_differentRepeat_rejected() {
    for (Class<? extends FromSite> kind : ORDER.subList(0, handled())) {
      CoordinatorScenario scenario = scenario();

      assertRejects(
          scenario,
          scenario.straggler,
          resigned(scenario.message(kind)),
          DropReason.DIFFERENT_REPEAT);
    }
  }

  @Test
  final void receive_messageOfLaterStep_rejectedAsEarly() {
    int next = handled() + (awaitsStraggler() ? 1 : 0);
    for (Class<? extends FromSite> kind : ORDER.subList(next, ORDER.size())) {
      CoordinatorScenario scenario = scenario();
      if (scenario.state().stage() != AggregationStage.CLOSED) {
        assertRejects(scenario, scenario.straggler, scenario.message(kind), DropReason.EARLY);
      }
    }
  }

  @Test
  final void receive_fromOutsideTheRoster_rejected() {
    for (Class<? extends FromSite> kind : ORDER) {
      CoordinatorScenario scenario = scenario();
      Fingerprint stranger = TestConsortium.signingKey("stranger").fingerprint();

      assertRejects(scenario, stranger, scenario.message(kind), DropReason.NOT_IN_COHORT);
    }
  }

  @Test
  final void handle_unmaskedUnlessUnmasking_nothingHappens() {
    if (state() != AggregationState.Unmasking.class) {
      CoordinatorScenario scenario = scenario();
      AggregationState before = scenario.state();

      assertThat(
              scenario.handle(
                  new AggregationEvent.Unmasked(
                      TestConsortium.hash("root"), 1, 2, TestConsortium.hash("next"))))
          .isEmpty();
      assertThat(scenario.handle(new AggregationEvent.UnmaskFailed(AbortReason.RESULT_IMPLAUSIBLE)))
          .isEmpty();
      assertThat(scenario.state()).isSameAs(before);
    }
  }

  @Test
  final void handle_strangerGoneOrWithdrawn_nothingHappens() {
    CoordinatorScenario scenario = scenario();
    AggregationState before = scenario.state();
    Fingerprint stranger = TestConsortium.signingKey("stranger").fingerprint();

    assertThat(scenario.handle(new AggregationEvent.Gone(stranger))).isEmpty();

    assertThat(scenario.state()).isSameAs(before);
  }

  @Test
  final void handle_stragglerLeavesTwice_secondTimeNothing() {
    CoordinatorScenario scenario = scenario();
    scenario.handle(new AggregationEvent.Gone(scenario.straggler));
    AggregationState before = scenario.state();

    assertThat(scenario.handle(new AggregationEvent.Gone(scenario.straggler))).isEmpty();
    assertThat(scenario.receive(new FromSite.Withdrawal(SiteRefusal.DEADLINE_PASSED))).isEmpty();

    assertThat(scenario.state()).isSameAs(before);
  }

  @Test
  final void transcript_always_onceThereIsAResult() {
    boolean hasResult =
        Set.of(AggregationState.Verifying.class, AggregationState.Closed.class).contains(state());

    assertThat(scenario().state().transcript().isPresent()).isEqualTo(hasResult);
  }

  @Test
  final void currentFor_everyPresentSite_isTheStagesItem() {
    CoordinatorScenario scenario = scenario();

    for (Fingerprint site : scenario.state().present()) {
      if (scenario.state().stage() != AggregationStage.CLOSED) {
        assertThat(scenario.state().currentFor(site)).isPresent();
      }
    }
    assertThat(scenario.state().currentFor(TestConsortium.signingKey("stranger").fingerprint()))
        .isEmpty();
  }

  static void assertRejects(
      CoordinatorScenario scenario, Fingerprint from, FromSite message, DropReason reason) {
    AggregationState before = scenario.state();

    List<AggregationEffect> effects = scenario.receive(from, message);

    assertThat(effects)
        .singleElement()
        .isInstanceOfSatisfying(
            AggregationEffect.Reject.class,
            reject -> {
              assertThat(reject.site()).isEqualTo(from);
              assertThat(reject.reason()).isEqualTo(reason);
            });
    assertThat(scenario.state()).isSameAs(before);
  }

  /** The choice is stored, then every site still present is told, and nothing else happens. */
  static void assertAnnounces(List<AggregationEffect> effects, AggregationState state) {
    List<AggregationEffect> announced = new ArrayList<>(effects);
    announced.removeIf(AggregationEffect.Drop.class::isInstance);
    assertThat(announced.getFirst()).isEqualTo(new AggregationEffect.Persist());
    announced.removeFirst();
    assertThat(announced).hasSize(state.present().size());
    for (AggregationEffect effect : announced) {
      AggregationEffect.Send send = (AggregationEffect.Send) effect;
      assertThat(state.currentFor(send.to())).contains(send.message());
    }
  }

  /** The same message but for its signature. */
  private static FromSite resigned(FromSite message) {
    Bytes other = Bytes.of(new byte[64]);
    return switch (message) {
      case FromSite.Advertisement m ->
          new FromSite.Advertisement(
              m.site(),
              m.channelKey(),
              m.maskKey(),
              m.selfMaskCommitment(),
              m.tagKeyCommitment(),
              other);
      case FromSite.Shares m ->
          new FromSite.Shares(m.rosterHash(), m.entries(), m.entryRoot(), other);
      case FromSite.UploadCommit m ->
          new FromSite.UploadCommit(
              m.root(), m.chunkCount(), m.lengthElements(), m.tag0(), m.tag1(), other);
      case FromSite.Confirmation m -> new FromSite.Confirmation(m.statement(), other);
      case FromSite.Release m -> new FromSite.Release(m.selfMask(), m.shares(), other);
      case FromSite.Verdict m ->
          new FromSite.Verdict(m.ok(), m.resultRoot(), m.nextModelHash(), other);
      case FromSite.Complaint m -> new FromSite.Complaint(m.dealer(), m.reason(), other);
      case FromSite.Withdrawal m -> m;
    };
  }
}
