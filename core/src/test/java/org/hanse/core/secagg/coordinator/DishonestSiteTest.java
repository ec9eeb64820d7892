package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.Forgery;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.ProtocolFederation;
import org.hanse.core.secagg.ProtocolFederation.Dropout;
import org.hanse.core.secagg.Secrets;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SimulatedSite;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.mask.Unmasker;
import org.hanse.core.secagg.site.DishonestDealer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dealers whose shares match their hashes and yet rebuild another secret; partitioned sites. */
class DishonestSiteTest {
  private static final int DEALER = 1;
  private ProtocolFederation federation = new ProtocolFederation(TestConsortium.of(5, 1), 1);
  private final Fingerprint dealer = federation.site(DEALER).name();

  @ParameterizedTest
  @EnumSource(names = {"AFTER_SHARES", "AFTER_CONFIRMATION"})
  void reconstruct_sharesOfAnotherSecret_convictsInsteadOfAWrongSum(Dropout point) {
    dealOtherSecrets(DEALER);
    federation.dropping(DEALER, point).run();

    assertThat(federation.aborted()).contains(AbortReason.RECONSTRUCTION_FAILED);
    assertThat(federation.counted()).isEmpty();
    assertThat(convicted()).containsExactly(dealer);
  }

  @Test
  void reconstruct_severalDealersOfOtherSecrets_convictsAll() {
    ProtocolFederation larger = new ProtocolFederation(TestConsortium.of(10, 3), 1);
    federation = larger;
    dealOtherSecrets(1, 2, 5);
    larger
        .dropping(1, Dropout.AFTER_SHARES)
        .dropping(2, Dropout.AFTER_CONFIRMATION)
        .run(); // the third stays and releases its own

    assertThat(larger.aborted()).contains(AbortReason.RECONSTRUCTION_FAILED);
    assertThat(convicted()).containsExactly(larger.site(1).name(), larger.site(2).name());
  }

  /** N = 7, c = 1, t = 5: one site dropped out, one holder alters what it releases of it. */
  @ParameterizedTest
  @ValueSource(ints = {0, 6})
  void release_holderAltersAShare_isLeftOutAndTheDealerStaysClear(int holder) {
    federation = new ProtocolFederation(TestConsortium.of(7, 1), 1);
    alterReleasesOf(holder);
    federation.dropping(3, Dropout.AFTER_SHARES).run();

    assertThat(federation.drops()).containsEntry(DropReason.SHARE_INVALID, 1);
    assertThat(convicted()).isEmpty();
    assertThat(federation.state).isInstanceOf(AggregationState.Closed.class);
    assertThat(federation.sum.hasElements(federation.plainSum())).isTrue();
  }

  /** The altered release is the first to arrive, or the last. */
  @ParameterizedTest
  @ValueSource(ints = {0, 6})
  void release_alteredShareAndADishonestDealer_onlyTheDealerIsConvicted(int holder) {
    federation = new ProtocolFederation(TestConsortium.of(7, 1), 1);
    dealOtherSecrets(3);
    alterReleasesOf(holder);
    federation.dropping(3, Dropout.AFTER_SHARES).run();

    assertThat(federation.drops()).containsEntry(DropReason.SHARE_INVALID, 1);
    assertThat(convicted()).containsExactly(federation.site(3).name());
  }

  private void alterReleasesOf(int holder) {
    BiFunction<SimulatedSite, FromSite, FromSite> before = federation.tamper;
    federation.tamper =
        (site, message) ->
            site.name().equals(federation.site(holder).name())
                    && message instanceof FromSite.Release honest
                ? withAlteredShare(site, honest)
                : before.apply(site, message);
  }

  /** The last share of the kind that is released of dropouts, signed like the others. */
  private FromSite.Release withAlteredShare(SimulatedSite site, FromSite.Release honest) {
    AggregationState.Releasing releasing = (AggregationState.Releasing) federation.state;
    List<FromSite.ReleasedShare> shares = new ArrayList<>();
    for (FromSite.ReleasedShare share : honest.shares()) {
      shares.add(
          share.kind() == FromSite.ShareKind.MASK_KEY
              ? new FromSite.ReleasedShare(
                  share.peerIndex(), share.kind(), Forgery.flipped(share.share(), 3))
              : share);
    }
    return new FromSite.Release(
        honest.selfMask(),
        shares,
        SignedContent.release(releasing.agreement().statement(), honest.selfMask(), shares)
            .signedBy(site.identity, federation.state.context()));
  }

  private List<Fingerprint> convicted() {
    return federation.effects.stream()
        .filter(AggregationEffect.Convict.class::isInstance)
        .map(effect -> ((AggregationEffect.Convict) effect).dealer())
        .toList();
  }

  @Test
  void reconstruct_dealerStaysAndReleasesItself_harmless() {
    dealOtherSecrets(DEALER);
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
    dealOtherSecrets(DEALER);

    Opening opening = Opening.of(federation, DEALER, point);

    assertThat(opening.revelation().mismatches(opening.context(), opening.survivors()))
        .containsExactly(dealer);
    assertThat(opening.revelation().unmasker(opening.context(), opening.survivors())).isEmpty();
    opening.revelation().erase();
    assertThat(Secrets.in(opening.revelation())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"AFTER_SHARES", "AFTER_CONFIRMATION"})
  void reconstruct_honestShares_erasedWithTheirUnmasker(Dropout point) {
    Opening opening = Opening.of(federation, DEALER, point);

    Unmasker unmasker =
        opening.revelation().unmasker(opening.context(), opening.survivors()).orElseThrow();

    assertThat(Secrets.in(unmasker)).isNotEmpty();
    assertThat(opening.revelation().mismatches(opening.context(), opening.survivors())).isEmpty();
    unmasker.erase();
    opening.revelation().erase();
    assertThat(Secrets.in(unmasker)).isEmpty();
    assertThat(Secrets.in(opening.revelation())).isEmpty();
  }

  /** These share the secrets of other entropy, with hashes and signatures to match. */
  private void dealOtherSecrets(int... dealers) {
    List<Fingerprint> names =
        Arrays.stream(dealers).mapToObj(number -> federation.site(number).name()).toList();
    federation.tamper =
        (site, message) ->
            names.contains(site.name()) && message instanceof FromSite.Shares honest
                ? DishonestDealer.dealing(site, honest)
                : message;
  }
}
