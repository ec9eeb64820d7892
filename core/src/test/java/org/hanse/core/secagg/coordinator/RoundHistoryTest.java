package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.ProtocolFederation;
import org.hanse.core.secagg.SimulatedSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.site.SiteEffect;
import org.hanse.core.secagg.site.SiteScenario;
import org.junit.jupiter.api.Test;

/** Whatever attempts and restarts a coordinator stages, a round gives away one sum at most. */
class RoundHistoryTest {

  @Test
  void retry_afterReleases_everySiteThatReleasedRefuses() {
    ProtocolFederation federation = new ProtocolFederation(TestConsortium.of(5, 1), 1);
    federation.publishedSum = sum -> sum.with(0, sum.get(0) + 1);
    federation.run();
    assertThat(federation.aborted()).contains(AbortReason.RESULT_REFUSED);

    federation.retry(1, federation.consortium.roster());
    federation.run();

    assertThat(federation.aborted()).contains(AbortReason.TOO_FEW_SURVIVORS);
    assertThat(federation.sites.values())
        .allSatisfy(
            site -> assertThat(site.refusal()).contains(SiteRefusal.ROUND_ALREADY_RELEASED));
  }

  @Test
  void retry_afterReleasesAndRestartOfAllSites_stillRefused() {
    ProtocolFederation federation =
        new ProtocolFederation(TestConsortium.of(5, 1), 1)
            .dropping(0, ProtocolFederation.Dropout.AFTER_RELEASE)
            .dropping(1, ProtocolFederation.Dropout.AFTER_RELEASE)
            .run();
    federation.sites.values().forEach(SimulatedSite::restart);

    federation.retry(1, federation.consortium.roster());
    federation.run();

    assertThat(federation.aborted()).contains(AbortReason.TOO_FEW_SURVIVORS);
  }

  @Test
  void retry_afterTooFewReleases_sitesThatReleasedStayOut() {
    // N = 10, c = 3, t = 7: after two releases four sites fall silent.
    ProtocolFederation federation = new ProtocolFederation(TestConsortium.of(10, 3), 1);
    for (int site = 0; site < 4; site++) {
      federation.dropping(site, ProtocolFederation.Dropout.AFTER_CONFIRMATION);
    }
    federation.run();
    assertThat(federation.aborted()).contains(AbortReason.RECONSTRUCTION_FAILED);
    assertThat(federation.state.progress().answers().all(FromSite.Release.class)).hasSize(6);

    federation.retry(1, federation.consortium.roster());
    federation.run();

    // Only the four that did not release would join: no second sum.
    assertThat(federation.aborted()).contains(AbortReason.TOO_FEW_SURVIVORS);
    assertThat(federation.sites.values().stream().filter(site -> site.refusal().isEmpty()).toList())
        .hasSize(4);
  }

  @Test
  void restart_inTheMiddle_siteRefusesTheAttemptAndTheOthersGoOn() {
    SiteScenario scenario = SiteScenario.before(ToSite.Survivors.class);
    scenario.site.restart();

    List<SiteEffect> effects = scenario.receiveNext(ToSite.RoundStart.class);

    assertThat(scenario.site.refusal()).contains(SiteRefusal.ATTEMPT_ALREADY_JOINED);
    assertThat(effects).doesNotHaveAnyElementsOfTypes(SiteEffect.Journal.class);
  }

  @Test
  void retry_beforeAnyRelease_sameVectorUnderOtherMasksAndSameSum() {
    ProtocolFederation undisturbed = new ProtocolFederation(TestConsortium.of(5, 1), 1).run();
    ProtocolFederation federation =
        new ProtocolFederation(TestConsortium.of(5, 1), 1)
            .dropping(0, ProtocolFederation.Dropout.AFTER_COMMIT)
            .dropping(1, ProtocolFederation.Dropout.AFTER_COMMIT)
            .run();

    federation.retry(1, federation.consortium.roster());
    federation.run();

    assertThat(federation.sum.hasElements(undisturbed.sum)).isTrue();
  }

  @Test
  void late_uploadAfterBeingDeclaredDropped_notInTheSumAndStaysMasked() {
    CoordinatorScenario scenario = CoordinatorScenario.awaitingAnswerTo(ToSite.SharesFor.class);
    scenario.federation.event(new AggregationEvent.StepExpired());

    List<AggregationEffect> effects =
        scenario.receive(scenario.message(FromSite.UploadCommit.class));
    scenario.federation.drain();

    assertThat(effects).hasSize(1).hasOnlyElementsOfType(AggregationEffect.Reject.class);
    assertThat(scenario.federation.counted()).hasSize(4).doesNotContain(scenario.straggler);
    assertThat(scenario.federation.sum.hasElements(scenario.federation.plainSum())).isTrue();
    // Nobody gave away a share of its self mask.
    int index = scenario.state().progress().context().abscissa(scenario.straggler);
    assertThat(scenario.state().progress().answers().all(FromSite.Release.class).values())
        .hasSize(4)
        .allSatisfy(release ->
            assertThat(release.shares())
                .filteredOn(share -> share.peerIndex() == index)
                .singleElement()
                .matches(share -> share.kind() == FromSite.ShareKind.MASK_KEY));
  }
}
