package org.hanse.simulation.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.hanse.coordinator.round.Rejection;
import org.hanse.coordinator.round.RoundEffect;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.coordinator.AggregationEvent;
import org.hanse.core.secagg.coordinator.AggregationStage;
import org.hanse.core.secagg.coordinator.AggregationState;
import org.hanse.core.secagg.site.CohortFloor;
import org.hanse.simulation.adversary.Federation.Dropout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sites that fall silent, come late, or are too few. */
class DropoutCasesTest {
  private static final AttemptId ATTEMPT = TestConsortium.attempt(1, 0);

  @ParameterizedTest
  @EnumSource
  void case18_dropoutAtAnyPoint_sumIsRight(Dropout point) {
    Federation federation = Federation.of(5, 1).drop(2, point).run();

    assertThat(federation.published()).isTrue();
    boolean uploaded = point.compareTo(Dropout.AFTER_COMMIT) >= 0;
    assertThat(federation.counted().contains(federation.name(2))).isEqualTo(uploaded);
    assertThat(federation.sum()).isEqualTo(plainSum(federation));
  }

  @ParameterizedTest
  @EnumSource
  void case18_dropoutOfTwoWhereOneIsTolerated_abortsOrIsRight(Dropout point) {
    Federation federation = Federation.of(5, 1).drop(2, point).drop(3, point).run();

    if (point == Dropout.AFTER_RELEASE) {
      // All released, so there is a sum; only three verdicts are left, more than c.
      assertThat(federation.published()).isTrue();
      assertThat(federation.counted()).hasSize(5);
    } else {
      assertThat(federation.aborted()).isPresent();
      assertThat(federation.counted()).isEmpty();
    }
  }

  @Test
  void case19_exactlyTSurvivors_publishes() {
    Federation federation =
        Federation.of(7, 2).drop(0, Dropout.AFTER_SHARES).drop(6, Dropout.DURING_UPLOAD).run();

    assertThat(federation.consortium.threshold()).isEqualTo(5);
    assertThat(federation.counted()).hasSize(5);
    assertThat(federation.published()).isTrue();
    assertThat(federation.sum()).isEqualTo(plainSum(federation));
  }

  @Test
  void case19_oneFewerThanT_abortsAndRevealsNothing() {
    Federation federation =
        Federation.of(7, 2)
            .drop(0, Dropout.AFTER_SHARES)
            .drop(3, Dropout.DURING_UPLOAD)
            .drop(6, Dropout.AFTER_SHARES)
            .run();

    assertThat(federation.aborted()).contains(AbortReason.TOO_FEW_SURVIVORS);
    assertThat(federation.sent(FromSite.Release.class)).isEmpty();
  }

  @Test
  void case20_lateUploadOfADropout_ignoredAndStaysMasked() {
    Federation federation = Federation.of(5, 1);
    List<FromSite> late = new ArrayList<>();
    federation.hookFromSites((from, message) -> {
      if (from.number == 1 && message instanceof FromSite.UploadCommit) {
        late.add(message); // its chunks are there, its commit is on its way
        return List.of();
      }
      return List.of(message);
    });
    federation.hookFromSites((from, message) -> {
      if (message instanceof FromSite.Confirmation && !late.isEmpty()) {
        federation.arriveAtCoordinator(federation.name(1), late.removeFirst());
      }
      return List.of(message);
    });

    federation.run();

    assertThat(federation.effects)
        .anySatisfy(effect ->
            assertThat(effect.toString()).contains("Reject").contains(DropReason.LATE.name()));
    assertThat(federation.counted()).hasSize(4).doesNotContain(federation.name(1));
    assertThat(federation.sum()).isEqualTo(plainSum(federation));
    // The pairwise masks are rebuilt by now, and the self mask is not: no share of b was given.
    int victim = 2;
    assertThat(federation.sent(FromSite.Release.class))
        .hasSize(4)
        .allSatisfy(release ->
            assertThat(release.shares())
                .filteredOn(share -> share.peerIndex() == victim)
                .extracting(FromSite.ReleasedShare::kind)
                .containsExactly(FromSite.ShareKind.MASK_KEY));
    Knowledge coordinator = Knowledge.of(federation, ATTEMPT);
    RingVector unmasked = coordinator.withoutPairMasks(federation.site(1));
    RingVector plain = federation.site(1).update(TestConsortium.round(1));
    RingVector selfMask = coordinator.selfMaskOf(federation.site(1), plain.size());
    assertThat(unmasked).isNotEqualTo(plain).isEqualTo(plain.plus(selfMask));
  }

  @Test
  void case31_twoMembers_refusedUnlessOptedIn() {
    CohortFloor usual = new CohortFloor(3, Set.of());
    Federation refused = Federation.of(2, 0);
    refused.sites.forEach(site -> site.insistOn(usual));
    refused.run();
    Federation optedIn = Federation.of(2, 0).run();

    assertThat(refused.aborted()).contains(AbortReason.TOO_FEW_SURVIVORS);
    assertThat(refused.site(0).refusals).containsExactly(SiteRefusal.COHORT_TOO_SMALL);
    assertThat(refused.sent(FromSite.Advertisement.class)).isEmpty();
    assertThat(optedIn.published()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"AFTER_COMMIT", "AFTER_CONFIRMATION", "AFTER_RELEASE"})
  void case31_threeMembersAndOneDropout_aborts(Dropout point) {
    Federation federation = Federation.of(3, 0).drop(1, point).run();

    assertThat(federation.aborted()).contains(AbortReason.TOO_FEW_SURVIVORS);
    assertThat(federation.sent(FromSite.Release.class)).isEmpty();
  }

  @Test
  void case36_stragglersCommitAfterTheCutOff_staysOut() {
    Federation federation = Federation.of(5, 1);
    List<FromSite> straggler = new ArrayList<>();
    federation.hookFromSites((from, message) -> {
      if (from.number == 4 && message instanceof FromSite.UploadCommit) {
        straggler.add(message);
        return List.of();
      }
      return List.of(message);
    });
    federation.open(ATTEMPT, federation.consortium.roster());
    federation.drain();
    assertThat(federation.state().awaited()).containsExactly(federation.name(4));
    federation.event(new AggregationEvent.StepExpired());
    assertThat(federation.state().stage()).isEqualTo(AggregationStage.SURVIVORS);

    federation.arriveAtCoordinator(federation.name(4), straggler.getFirst());
    ToSite.Survivors survivors =
        (ToSite.Survivors) federation.state().currentFor(federation.name(0)).orElseThrow();
    federation.drain();

    assertThat(federation.dropped(4)).contains(DropReason.SILENT);
    assertThat(survivors.survivors())
        .extracting(ToSite.Survivor::site)
        .hasSize(4)
        .doesNotContain(federation.name(4));
    assertThat(federation.state()).isInstanceOf(AggregationState.Closed.class);
    federation.trace.add(new Happening.Ended(ATTEMPT));
    federation.finish();
  }

  @Test
  void case36_stragglerByTheClock_outFromTheDeadlineOn() {
    List<FromSite> straggler = new ArrayList<>();
    RoundRun round = new RoundRun(Federation.of(5, 1));
    round.hookFromSites((from, message) -> {
      boolean late = from.number == 4 && message instanceof FromSite.UploadCommit;
      return late && straggler.add(message) ? List.of() : List.of(message);
    });
    round.run();
    Instant cutOff = round.running().attempt().stepDeadline().orElseThrow();

    round.timePasses(cutOff.minusMillis(1));
    assertThat(round.running().attempt().aggregation().stage()).isEqualTo(AggregationStage.SHARES);
    round.timePasses(cutOff);
    List<RoundEffect> answer = round.arrive(0, 4, straggler.getFirst());

    assertThat(answer)
        .singleElement()
        .isInstanceOfSatisfying(
            RoundEffect.Reject.class,
            reject ->
                assertThat(reject.rejection())
                    .isEqualTo(new Rejection.ByProtocol(DropReason.LATE)));
    assertThat(round.running().attempt().cohort().counted()).isEqualTo(round.names(0, 1, 2, 3));
    round.finish();
  }

  private static RingVector plainSum(Federation federation) {
    RingVector plain = federation.sum().times(0);
    for (Fingerprint site : federation.counted()) {
      plain = plain.plus(federation.site(site).update(TestConsortium.round(1)));
    }
    return plain;
  }
}
