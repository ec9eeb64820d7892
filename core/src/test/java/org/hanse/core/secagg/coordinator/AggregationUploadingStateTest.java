package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;

class AggregationUploadingStateTest extends AggregationStateContract {
  @Override
  CoordinatorScenario scenario() {
    return CoordinatorScenario.awaitingAnswerTo(ToSite.SharesFor.class);
  }

  @Override
  Class<? extends AggregationState> state() {
    return AggregationState.Uploading.class;
  }

  @Override
  int handled() {
    return 2;
  }

  @Override
  boolean awaitsStraggler() {
    return true;
  }

  @Test
  void receive_lastAnswer_goesOn() {
    CoordinatorScenario scenario = scenario();

    List<AggregationEffect> effects =
        scenario.receive(scenario.message(FromSite.UploadCommit.class));

    assertThat(scenario.state()).isInstanceOf(AggregationState.Confirming.class);
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
    assertThat(scenario.state()).isInstanceOf(AggregationState.Confirming.class);
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
        scenario.message(FromSite.UploadCommit.class),
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
  void receive_badBox_abortsWithoutBlame() {
    CoordinatorScenario scenario = scenario();

    List<AggregationEffect> effects =
        scenario.receive(new FromSite.Withdrawal(SiteRefusal.SHARE_INVALID));

    assertThat(scenario.federation.aborted()).contains(AbortReason.SHARE_REFUSED);
    assertThat(effects).doesNotHaveAnyElementsOfTypes(AggregationEffect.Drop.class);
  }

  @Test
  void receive_otherWithdrawal_isADropout() {
    CoordinatorScenario scenario = scenario();

    scenario.receive(new FromSite.Withdrawal(SiteRefusal.COHORT_TOO_SMALL));

    AggregationState.Confirming next = (AggregationState.Confirming) scenario.state();
    assertThat(next.survivors().sites()).hasSize(4).doesNotContain(scenario.straggler);
    assertThat(next.survivors().dropouts()).containsExactly(scenario.straggler);
  }

  @Test
  void handle_goneAfterItsUpload_staysInTheSum() {
    CoordinatorScenario scenario = scenario();
    Fingerprint other = scenario.federation.site(0).name();
    scenario.handle(new AggregationEvent.Gone(other));

    scenario.receive(scenario.message(FromSite.UploadCommit.class));

    AggregationState.Confirming next = (AggregationState.Confirming) scenario.state();
    assertThat(next.survivors().sites()).hasSize(5).contains(other);
    assertThat(next.present()).doesNotContain(other);
  }
}
