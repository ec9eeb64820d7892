package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;

class AggregationConfirmingStateTest extends GatheringStateContract {
  @Override
  CoordinatorScenario scenario() {
    return CoordinatorScenario.awaitingAnswerTo(ToSite.Survivors.class);
  }

  @Override
  Class<? extends AggregationState> state() {
    return AggregationState.Confirming.class;
  }

  @Override
  int handled() {
    return 3;
  }

  @Override
  Class<? extends FromSite> awaited() {
    return FromSite.Confirmation.class;
  }

  @Override
  Class<? extends AggregationState> next() {
    return AggregationState.Releasing.class;
  }

  @Test
  void receive_signatureOnAnotherStatement_signerIsLeftOut() {
    CoordinatorScenario scenario = scenario();
    Hash other = TestConsortium.hash("another statement");

    List<AggregationEffect> effects =
        scenario.receive(
            new FromSite.Confirmation(
                other,
                SignedContent.statement(other)
                    .signedBy(
                        scenario.federation.site(CoordinatorScenario.STRAGGLER).identity,
                        scenario.state().context())));

    AggregationState.Releasing next = (AggregationState.Releasing) scenario.state();
    assertThat(next.agreement().quorum().endorsements()).hasSize(4);
    assertThat(next.present()).doesNotContain(scenario.straggler);
    assertAnnounces(effects, next);
  }

  @Test
  void receive_lastAnswerWhenSignersHaveLeft_abortsWithoutQuorum() {
    // N = 5, c = 1: t = 4. Of four M7 two are of sites that left, so the fifth makes three.
    CoordinatorScenario scenario = scenario();
    List<Fingerprint> signers =
        scenario.state().present().stream().filter(s -> !s.equals(scenario.straggler)).toList();
    scenario.handle(new AggregationEvent.Gone(signers.getFirst()));

    List<AggregationEffect> effects =
        new ArrayList<>(scenario.handle(new AggregationEvent.Gone(signers.getLast())));
    effects.addAll(scenario.receive(scenario.message(FromSite.Confirmation.class)));

    assertThat(scenario.federation.aborted()).contains(AbortReason.STATEMENT_NOT_CONFIRMED);
    assertThat(effects).doesNotHaveAnyElementsOfTypes(AggregationEffect.Send.class);
  }

  @Test
  void receive_lastAnswerWhenOneSignerHasLeft_quorumOfThoseStillThere() {
    CoordinatorScenario scenario = scenario();
    Fingerprint gone =
        scenario.state().present().stream()
            .filter(s -> !s.equals(scenario.straggler))
            .findFirst()
            .orElseThrow();
    scenario.handle(new AggregationEvent.Gone(gone));

    List<AggregationEffect> effects =
        scenario.receive(scenario.message(FromSite.Confirmation.class));

    AggregationState.Releasing next = (AggregationState.Releasing) scenario.state();
    assertThat(next.agreement().quorum().endorsements())
        .extracting(ToSite.Endorsement::site)
        .hasSize(4)
        .doesNotContain(gone);
    assertThat(next.present()).hasSize(4).doesNotContain(gone);
    assertAnnounces(effects, next);
  }

  @Test
  void handle_expiredWhenSignersHaveLeft_abortsWithoutQuorum() {
    CoordinatorScenario scenario = scenario();
    Fingerprint gone =
        scenario.state().present().stream()
            .filter(s -> !s.equals(scenario.straggler))
            .findFirst()
            .orElseThrow();
    scenario.handle(new AggregationEvent.Gone(gone));

    List<AggregationEffect> effects = scenario.handle(new AggregationEvent.StepExpired());

    assertThat(scenario.federation.aborted()).contains(AbortReason.STATEMENT_NOT_CONFIRMED);
    assertThat(effects).doesNotHaveAnyElementsOfTypes(AggregationEffect.Send.class);
  }
}
