package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.Secrets;
import org.hanse.core.secagg.TestConsortium;
import org.junit.jupiter.api.Test;

class AggregationUnmaskingStateTest extends AggregationStateContract {
  @Override
  CoordinatorScenario scenario() {
    return CoordinatorScenario.unmasking();
  }

  @Override
  Class<? extends AggregationState> state() {
    return AggregationState.Unmasking.class;
  }

  @Override
  int handled() {
    return 5;
  }

  @Override
  boolean awaitsStraggler() {
    return false;
  }

  @Test
  void handle_unmasked_publishesTheSignedResult() {
    CoordinatorScenario scenario = scenario();

    List<AggregationEffect> effects =
        scenario.handle(
            new AggregationEvent.Unmasked(
                TestConsortium.hash("root"), 1, 2, TestConsortium.hash("next")));

    AggregationState.Verifying next = (AggregationState.Verifying) scenario.state();
    assertThat(next.outcome().result().resultRoot()).isEqualTo(TestConsortium.hash("root"));
    assertAnnounces(effects, next);
  }

  @Test
  void handle_unmasked_erasesTheRebuiltSecrets() {
    CoordinatorScenario scenario = scenario();
    AggregationState.Unmasking unmasking = (AggregationState.Unmasking) scenario.state();
    assertThat(Secrets.in(unmasking.unmasker())).isNotEmpty();
    assertThat(Secrets.in(unmasking.revelation())).isNotEmpty();

    scenario.handle(
        new AggregationEvent.Unmasked(
            TestConsortium.hash("root"), 1, 2, TestConsortium.hash("next")));

    assertThat(Secrets.in(unmasking)).isEmpty();
  }

  @Test
  void handle_unmaskFailed_abortsAndErases() {
    CoordinatorScenario scenario = scenario();
    AggregationState.Unmasking unmasking = (AggregationState.Unmasking) scenario.state();

    scenario.handle(new AggregationEvent.UnmaskFailed(AbortReason.RESULT_IMPLAUSIBLE));

    assertThat(scenario.federation.aborted()).contains(AbortReason.RESULT_IMPLAUSIBLE);
    assertThat(Secrets.in(unmasking)).isEmpty();
  }

  @Test
  void handle_expired_waitsForTheShell() {
    CoordinatorScenario scenario = scenario();

    assertThat(scenario.handle(new AggregationEvent.StepExpired())).isEmpty();

    assertThat(scenario.state()).isInstanceOf(AggregationState.Unmasking.class);
  }

  @Test
  void handle_everybodyGone_resultWithoutVerdictsAborts() {
    CoordinatorScenario scenario = scenario();
    for (Fingerprint site : scenario.state().present()) {
      scenario.handle(new AggregationEvent.Gone(site));
    }

    scenario.handle(
        new AggregationEvent.Unmasked(
            TestConsortium.hash("root"), 1, 2, TestConsortium.hash("next")));

    assertThat(scenario.federation.aborted()).contains(AbortReason.VERDICTS_MISSING);
  }
}
