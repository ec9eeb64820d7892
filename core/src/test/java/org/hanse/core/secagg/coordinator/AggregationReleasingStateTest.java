package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;

class AggregationReleasingStateTest extends AggregationStateContract {
  @Override
  CoordinatorScenario scenario() {
    return CoordinatorScenario.awaitingAnswerTo(ToSite.Quorum.class);
  }

  @Override
  Class<? extends AggregationState> state() {
    return AggregationState.Releasing.class;
  }

  @Override
  int handled() {
    return 4;
  }

  @Override
  boolean awaitsStraggler() {
    return true;
  }

  @Test
  void receive_lastRelease_unmasks() {
    CoordinatorScenario scenario = scenario();

    assertThat(scenario.state().released()).hasSize(4).doesNotContain(scenario.straggler);
    List<AggregationEffect> effects = scenario.receive(scenario.message(FromSite.Release.class));

    assertThat(scenario.state()).isInstanceOf(AggregationState.Unmasking.class);
    assertThat(effects).hasSize(1).hasOnlyElementsOfType(AggregationEffect.Unmask.class);
    assertThat(releases(scenario)).hasSize(5);
    assertThat(scenario.state().released()).hasSize(5).contains(scenario.straggler);
  }

  @Test
  void handle_expired_rebuildsTheMissingSelfMask() {
    CoordinatorScenario scenario = scenario();

    scenario.federation.event(new AggregationEvent.StepExpired());
    scenario.federation.drain();

    assertThat(scenario.federation.counted()).hasSize(5);
    assertThat(scenario.federation.sum.hasElements(scenario.federation.plainSum())).isTrue();
    assertThat(releases(scenario)).hasSize(4).doesNotContainKey(scenario.straggler);
  }

  private static Map<Fingerprint, FromSite.Release> releases(CoordinatorScenario scenario) {
    return scenario.state().progress().answers().all(FromSite.Release.class);
  }

  @Test
  void handle_belowThresholdReleases_aborts() {
    CoordinatorScenario scenario = CoordinatorScenario.awaitingAnswerTo(ToSite.Survivors.class);
    scenario.receive(scenario.message(FromSite.Confirmation.class));
    assertThat(scenario.state()).isInstanceOf(AggregationState.Releasing.class);

    scenario.handle(new AggregationEvent.StepExpired());

    assertThat(scenario.federation.aborted()).contains(AbortReason.RECONSTRUCTION_FAILED);
  }
}
