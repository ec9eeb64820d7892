package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;

class AggregationAdvertisingStateTest extends GatheringStateContract {
  @Override
  CoordinatorScenario scenario() {
    return CoordinatorScenario.awaitingAnswerTo(ToSite.RoundStart.class);
  }

  @Override
  Class<? extends AggregationState> state() {
    return AggregationState.Advertising.class;
  }

  @Override
  int handled() {
    return 0;
  }

  @Override
  Class<? extends FromSite> awaited() {
    return FromSite.Advertisement.class;
  }

  @Override
  Class<? extends AggregationState> next() {
    return AggregationState.Sharing.class;
  }

  @Test
  void handle_tooManyGone_aborts() {
    CoordinatorScenario scenario = scenario();
    Fingerprint other = scenario.federation.site(0).name();
    scenario.handle(new AggregationEvent.Gone(other));

    List<AggregationEffect> effects =
        scenario.handle(new AggregationEvent.Gone(scenario.straggler));

    assertThat(scenario.federation.aborted()).contains(AbortReason.TOO_FEW_SURVIVORS);
    assertThat(effects).hasAtLeastOneElementOfType(AggregationEffect.Abort.class);
  }
}
