package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.Forgery;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.ProtocolFederation;
import org.hanse.core.secagg.ProtocolFederation.Dropout;
import org.hanse.core.secagg.Revelation;
import org.hanse.core.secagg.Secrets;
import org.hanse.core.secagg.SimulatedSite;
import org.hanse.core.secagg.SurvivorSet;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.Unmasker;
import org.hanse.core.secagg.site.DishonestDealer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Dealers whose shares match their hashes and yet rebuild another secret; partitioned sites. */
class DishonestSiteTest {
  private static final int DEALER = 1;
  private final ProtocolFederation federation = new ProtocolFederation(TestConsortium.of(5, 1), 1);
  private final Fingerprint dealer = federation.site(DEALER).name();

  @Test
  void reconstruct_sharesOfAnotherMaskKey_abortsInsteadOfAWrongSum() {
    dealOtherSecrets();
    federation.dropping(DEALER, Dropout.AFTER_SHARES).run();

    assertThat(federation.aborted()).contains(AbortReason.RECONSTRUCTION_FAILED);
    assertThat(federation.counted()).isEmpty();
  }

  @Test
  void reconstruct_sharesOfAnotherSelfMask_abortsInsteadOfAWrongSum() {
    dealOtherSecrets();
    federation.dropping(DEALER, Dropout.AFTER_CONFIRMATION).run();

    assertThat(federation.aborted()).contains(AbortReason.RECONSTRUCTION_FAILED);
    assertThat(federation.counted()).isEmpty();
  }

  @Test
  void reconstruct_dealerStaysAndReleasesItself_harmless() {
    dealOtherSecrets();
    federation.run();

    assertThat(federation.state).isInstanceOf(AggregationState.Closed.class);
    assertThat(federation.sum.hasElements(federation.plainSum())).isTrue();
  }

  @Test
  void confirm_sitesSeeTwoSurvivorSets_noQuorumAndNothingReleased() {
    // N = 5, c = 1, t = 4: two sites see everybody, three miss one.
    federation.relay =
        (to, message) ->
            message instanceof ToSite.Survivors all && to.compareTo(federation.site(2).name()) >= 0
                ? Optional.of(new ToSite.Survivors(Forgery.without(all.survivors(), 0)))
                : Optional.of(message);

    federation.run();

    assertThat(federation.aborted()).contains(AbortReason.STATEMENT_NOT_CONFIRMED);
    assertThat(federation.received).doesNotHaveAnyElementsOfTypes(FromSite.Release.class);
  }

  @Test
  void confirm_sitesSeeTwoKeySets_theirSharesDoNotMeet() {
    federation.relay =
        (to, message) ->
            message instanceof ToSite.Roster all && to.equals(federation.site(2).name())
                ? Optional.of(new ToSite.Roster(Forgery.without(all.advertisements(), 0)))
                : Optional.of(message);

    federation.run();

    assertThat(federation.drops()).containsEntry(DropReason.WRONG_SET, 1);
    assertThat(federation.counted()).hasSize(4).doesNotContain(federation.site(2).name());
    assertThat(federation.sum.hasElements(federation.plainSum())).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"AFTER_SHARES", "AFTER_CONFIRMATION"})
  void reconstruct_sharesOfAnotherSecret_namesTheDealer(Dropout point) {
    dealOtherSecrets();

    Opening opening = opening(point);

    assertThat(opening.revelation().mismatches(opening.context(), opening.survivors()))
        .containsExactly(dealer);
    assertThat(opening.revelation().unmasker(opening.context(), opening.survivors())).isEmpty();
    opening.revelation().erase();
    assertThat(Secrets.in(opening.revelation())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"AFTER_SHARES", "AFTER_CONFIRMATION"})
  void reconstruct_honestShares_erasedWithTheirUnmasker(Dropout point) {
    Opening opening = opening(point);

    Unmasker unmasker =
        opening.revelation().unmasker(opening.context(), opening.survivors()).orElseThrow();

    assertThat(Secrets.in(unmasker)).isNotEmpty();
    assertThat(opening.revelation().mismatches(opening.context(), opening.survivors())).isEmpty();
    unmasker.erase();
    opening.revelation().erase();
    assertThat(Secrets.in(unmasker)).isEmpty();
    assertThat(Secrets.in(opening.revelation())).isEmpty();
  }

  private record Opening(AttemptContext context, SurvivorSet survivors, Revelation revelation) {}

  /** What the releases open of an attempt in which the dealer dropped out at {@code point}. */
  private Opening opening(Dropout point) {
    List<SurvivorSet> survivors = new ArrayList<>();
    BiFunction<SimulatedSite, FromSite, FromSite> tamper = federation.tamper;
    federation.tamper =
        (site, message) -> {
          if (federation.state instanceof AggregationState.Releasing releasing) {
            survivors.add(releasing.agreement().survivors());
          }
          return tamper.apply(site, message);
        };
    federation.dropping(DEALER, point).run();
    Progress progress = federation.state.progress();
    return new Opening(
        progress.context(),
        survivors.getFirst(),
        Reconstruction.of(
            progress.context(),
            survivors.getFirst(),
            progress.answers().all(FromSite.Release.class)));
  }

  /** The dealer shares the secrets of other entropy, with hashes and signatures to match. */
  private void dealOtherSecrets() {
    federation.tamper =
        (site, message) ->
            site.name().equals(dealer) && message instanceof FromSite.Shares honest
                ? DishonestDealer.dealing(site, honest)
                : message;
  }
}
