package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.junit.jupiter.api.Test;

/** What every state does that gathers answers and tells those who are left how to go on. */
abstract class GatheringStateContract extends AggregationStateContract {

  /** The message that is awaited. */
  abstract Class<? extends FromSite> awaited();

  /** The state that follows when everybody has answered or left. */
  abstract Class<? extends AggregationState> next();

  @Override
  final boolean awaitsStraggler() {
    return true;
  }

  @Test
  final void receive_lastAnswer_goesOn() {
    CoordinatorScenario scenario = scenario();

    List<AggregationEffect> effects = scenario.receive(scenario.message(awaited()));

    assertThat(scenario.state()).isInstanceOf(next());
    assertAnnounces(effects, scenario.state());
    assertThat(scenario.state().present()).hasSize(5);
  }

  @Test
  final void handle_expired_goesOnWithoutTheSilent() {
    CoordinatorScenario scenario = scenario();

    List<AggregationEffect> effects = scenario.handle(new AggregationEvent.StepExpired());

    assertThat(effects.getFirst())
        .isInstanceOfSatisfying(
            AggregationEffect.Drop.class,
            drop -> {
              assertThat(drop.site()).isEqualTo(scenario.straggler);
              assertThat(drop.reason()).isEqualTo(DropReason.SILENT);
            });
    assertThat(scenario.state()).isInstanceOf(next());
    assertAnnounces(effects, scenario.state());
    assertThat(scenario.state().present()).hasSize(4).doesNotContain(scenario.straggler);
  }

  @Test
  final void receive_lateAnswerAfterExpiry_rejected() {
    CoordinatorScenario scenario = scenario();
    scenario.handle(new AggregationEvent.StepExpired());

    assertRejects(scenario, scenario.straggler, scenario.message(awaited()), DropReason.LATE);
  }

  @Test
  final void handle_gone_leftOutAndHoldsNoItem() {
    CoordinatorScenario scenario = scenario();

    List<AggregationEffect> effects =
        scenario.handle(new AggregationEvent.Gone(scenario.straggler));

    assertThat(effects.getFirst())
        .isEqualTo(
            new AggregationEffect.Drop(scenario.straggler, DropReason.GONE, "no call any more"));
    assertThat(scenario.state().currentFor(scenario.straggler)).isEmpty();
  }
}
