package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;

class AggregationAdvertisingStateTest extends AggregationStateContract {
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
  boolean awaitsStraggler() {
    return true;
  }

  @Test
  void receive_lastAnswer_goesOn() {
    CoordinatorScenario scenario = scenario();

    List<AggregationEffect> effects =
        scenario.receive(scenario.message(FromSite.Advertisement.class));

    assertThat(scenario.state()).isInstanceOf(AggregationState.Sharing.class);
    assertAnnounces(effects, scenario.state());
    assertThat(scenario.state().present()).hasSize(5);
  }

  @Test
  void handle_expired_goesOnWithoutTheSilent() {
    CoordinatorScenario scenario = scenario();

    List<AggregationEffect> effects = scenario.handle(new AggregationEvent.StepExpired());

    assertThat(effects.getFirst())
        .isInstanceOfSatisfying(
            AggregationEffect.Drop.class,
            drop -> {
              assertThat(drop.site()).isEqualTo(scenario.straggler);
              assertThat(drop.reason()).isEqualTo(DropReason.SILENT);
            });
    assertThat(scenario.state()).isInstanceOf(AggregationState.Sharing.class);
    assertAnnounces(effects, scenario.state());
    assertThat(scenario.state().present()).hasSize(4).doesNotContain(scenario.straggler);
  }

  @Test
  void receive_lateAnswerAfterExpiry_rejected() {
    CoordinatorScenario scenario = scenario();
    scenario.handle(new AggregationEvent.StepExpired());

    assertRejects(
        scenario,
        scenario.straggler,
        scenario.message(FromSite.Advertisement.class),
        DropReason.LATE);
  }

  @Test
  void handle_gone_leftOutAndHoldsNoItem() {
    CoordinatorScenario scenario = scenario();

    List<AggregationEffect> effects =
        scenario.handle(new AggregationEvent.Gone(scenario.straggler));

    assertThat(effects.getFirst())
        .isEqualTo(
            new AggregationEffect.Drop(scenario.straggler, DropReason.GONE, "no call any more"));
    assertThat(scenario.state().currentFor(scenario.straggler)).isEmpty();
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
