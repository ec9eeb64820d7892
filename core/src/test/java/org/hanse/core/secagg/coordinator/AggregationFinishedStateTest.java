package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;

/** Closed and Aborted. */
class AggregationFinishedStateTest {

  @Test
  void closed_furtherVerdict_keptAndHarmless() {
    CoordinatorScenario scenario = CoordinatorScenario.closed();
    assertThat(scenario.state().currentFor(scenario.straggler))
        .hasValueSatisfying(item -> assertThat(item).isInstanceOf(ToSite.Result.class));

    List<AggregationEffect> effects = scenario.receive(scenario.message(FromSite.Verdict.class));

    assertThat(effects).isEmpty();
    assertThat(scenario.state()).isInstanceOf(AggregationState.Closed.class);
    assertThat(scenario.state().progress().answers().all(FromSite.Verdict.class)).hasSize(5);
    assertThat(scenario.state().currentFor(scenario.straggler)).isEmpty();
  }

  @Test
  void closed_forgedVerdict_rejectedAndStaysClosed() {
    CoordinatorScenario scenario = CoordinatorScenario.closed();
    FromSite.Verdict honest = scenario.message(FromSite.Verdict.class);

    List<AggregationEffect> effects =
        scenario.receive(
            new FromSite.Verdict(
                false, honest.resultRoot(), honest.nextModelHash(), honest.signature()));

    assertThat(effects).singleElement().isInstanceOf(AggregationEffect.Reject.class);
    assertThat(scenario.state()).isInstanceOf(AggregationState.Closed.class);
  }

  @Test
  void closed_goneOrExpiredOrWithdrawn_nothingHappens() {
    CoordinatorScenario scenario = CoordinatorScenario.closed();
    AggregationState before = scenario.state();

    assertThat(scenario.handle(new AggregationEvent.Gone(scenario.straggler))).isEmpty();
    assertThat(scenario.receive(new FromSite.Withdrawal(SiteRefusal.RESULT_FORGED))).isEmpty();
    scenario.handle(new AggregationEvent.StepExpired());

    assertThat(scenario.state()).isEqualTo(before);
  }

  @Test
  void aborted_anyMessage_rejectedAsLate() {
    for (Class<? extends FromSite> kind :
        List.of(
            FromSite.UploadCommit.class,
            FromSite.Confirmation.class,
            FromSite.Release.class,
            FromSite.Verdict.class)) {
      CoordinatorScenario scenario = CoordinatorScenario.aborted();

      AggregationStateContract.assertRejects(
          scenario, scenario.straggler, scenario.message(kind), DropReason.LATE);
    }
  }

  @Test
  void aborted_anyEvent_nothingHappens() {
    CoordinatorScenario scenario = CoordinatorScenario.aborted();
    AggregationState before = scenario.state();

    for (Fingerprint site : before.present()) {
      assertThat(scenario.handle(new AggregationEvent.Gone(site))).isEmpty();
    }
    assertThat(scenario.handle(new AggregationEvent.StepExpired())).isEmpty();
    assertThat(
            scenario.handle(
                new AggregationEvent.Unmasked(
                    TestConsortium.hash("root"), 1, 2, TestConsortium.hash("next"))))
        .isEmpty();

    assertThat(scenario.state()).isEqualTo(before);
    assertThat(scenario.state().currentFor(scenario.straggler)).isEmpty();
  }
}
