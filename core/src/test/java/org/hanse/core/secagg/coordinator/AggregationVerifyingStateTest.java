package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.TestConsortium;
import org.junit.jupiter.api.Test;

class AggregationVerifyingStateTest extends AggregationStateContract {
  private static final Hash ROOT = TestConsortium.hash("root");
  private static final Hash NEXT = TestConsortium.hash("next");

  /** The sum is published, nobody but the straggler is still there. */
  @Override
  CoordinatorScenario scenario() {
    CoordinatorScenario scenario = published();
    for (Fingerprint site : scenario.state().present()) {
      if (!site.equals(scenario.straggler)) {
        scenario.handle(new AggregationEvent.Gone(site));
      }
    }
    return scenario;
  }

  /** N = 5, c = 1, t = 4: nobody has voted. */
  private static CoordinatorScenario published() {
    CoordinatorScenario scenario = CoordinatorScenario.unmasking();
    scenario.handle(new AggregationEvent.Unmasked(ROOT, 1, 2, NEXT));
    return scenario;
  }

  @Override
  Class<? extends AggregationState> state() {
    return AggregationState.Verifying.class;
  }

  @Override
  int handled() {
    return 5;
  }

  @Override
  boolean awaitsStraggler() {
    return true;
  }

  @Test
  void receive_thresholdOfEqualOkVerdicts_closesWithAProof() {
    CoordinatorScenario scenario = published();
    vote(scenario, 0, true, NEXT);
    vote(scenario, 1, true, NEXT);
    vote(scenario, 3, true, NEXT);
    assertThat(scenario.state()).isInstanceOf(AggregationState.Verifying.class);

    List<AggregationEffect> effects = vote(scenario, 4, true, NEXT);

    assertThat(scenario.state()).isInstanceOf(AggregationState.Closed.class);
    assertThat(effects.getFirst()).isEqualTo(new AggregationEffect.Persist());
    AdoptionProof proof = ((AggregationEffect.Close) effects.getLast()).proof();
    assertThat(proof.nextModelHash()).isEqualTo(NEXT);
    assertThat(proof.verdicts()).hasSize(4);
  }

  @Test
  void handle_expiredWithOneHonestVerdictAmongTwo_closes() {
    CoordinatorScenario scenario = published();
    vote(scenario, 0, true, NEXT);
    vote(scenario, 1, true, NEXT);

    scenario.handle(new AggregationEvent.StepExpired());

    assertThat(scenario.state()).isInstanceOf(AggregationState.Closed.class);
  }

  @Test
  void handle_expiredWithNoMoreVerdictsThanColluders_aborts() {
    CoordinatorScenario scenario = published();
    vote(scenario, 0, true, NEXT);

    scenario.handle(new AggregationEvent.StepExpired());

    assertThat(scenario.federation.aborted()).contains(AbortReason.VERDICTS_MISSING);
  }

  @Test
  void receive_asManyFailsAsColluders_doNotStopTheOthers() {
    CoordinatorScenario scenario = published();
    vote(scenario, 0, false, NEXT);
    for (int site : List.of(1, 2, 3, 4)) {
      vote(scenario, site, true, NEXT);
    }

    assertThat(scenario.state()).isInstanceOf(AggregationState.Closed.class);
  }

  @Test
  void receive_moreFailsThanColluders_aborts() {
    CoordinatorScenario scenario = published();
    vote(scenario, 0, false, NEXT);
    vote(scenario, 1, false, NEXT);

    assertThat(scenario.federation.aborted()).contains(AbortReason.RESULT_REFUSED);
  }

  /** Three ok are below t = 4, and what the colluders alone could not refuse must not be closed. */
  @Test
  void receive_lastVerdictIsOneRefusalTooMany_aborts() {
    CoordinatorScenario scenario = published();
    for (int site : List.of(0, 1, 2)) {
      vote(scenario, site, true, NEXT);
    }
    vote(scenario, 3, false, NEXT);

    vote(scenario, 4, false, NEXT);

    assertThat(scenario.federation.aborted()).contains(AbortReason.RESULT_REFUSED);
  }

  @Test
  void receive_okOnAnotherModel_countsAsRefusal() {
    CoordinatorScenario scenario = published();
    vote(scenario, 0, true, TestConsortium.hash("another model"));
    vote(scenario, 1, true, TestConsortium.hash("another model"));

    assertThat(scenario.federation.aborted()).contains(AbortReason.RESULT_REFUSED);
  }

  @Test
  void receive_verdictOnAnotherRootOrWithABadSignature_voterIsLeftOut() {
    CoordinatorScenario scenario = published();
    List<AggregationEffect> effects =
        scenario.receive(
            scenario.federation.site(0).name(),
            verdict(scenario, 0, true, TestConsortium.hash("another root"), NEXT));
    assertThat(effects)
        .contains(
            new AggregationEffect.Reject(
                scenario.federation.site(0).name(),
                DropReason.WRONG_ROOT,
                "a verdict on another result"));

    FromSite.Verdict ofAnother = verdict(scenario, 3, true, ROOT, NEXT);
    scenario.receive(scenario.federation.site(1).name(), ofAnother);

    assertThat(scenario.state().present())
        .doesNotContain(scenario.federation.site(0).name(), scenario.federation.site(1).name());
  }

  static List<AggregationEffect> vote(
      CoordinatorScenario scenario, int site, boolean ok, Hash next) {
    return scenario.receive(
        scenario.federation.site(site).name(), verdict(scenario, site, ok, ROOT, next));
  }

  private static FromSite.Verdict verdict(
      CoordinatorScenario scenario, int site, boolean ok, Hash root, Hash next) {
    return new FromSite.Verdict(
        ok,
        root,
        next,
        SignedContent.verdict(ok, root, next)
            .signedBy(scenario.federation.site(site).identity, scenario.state().context()));
  }
}
