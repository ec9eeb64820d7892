package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.TestConsortium;
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
  void receive_keysOfASiteThatLeft_rejected() {
    CoordinatorScenario scenario = scenario();
    scenario.federation.state =
        scenario
            .federation
            .machine
            .start(
                TestConsortium.attempt(7, 0),
                TestConsortium.MODEL,
                scenario.federation.consortium.roster())
            .next();
    scenario.handle(new AggregationEvent.Gone(scenario.straggler));

    assertRejects(
        scenario,
        scenario.straggler,
        scenario.message(FromSite.Advertisement.class),
        DropReason.NOT_IN_COHORT);
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
