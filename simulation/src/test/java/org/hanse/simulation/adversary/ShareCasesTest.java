package org.hanse.simulation.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.coordinator.AggregationEffect;
import org.hanse.core.secagg.site.SiteEffect;
import org.hanse.simulation.adversary.Federation.Dropout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Dealers and holders of shares that lie. Site 3 colludes; N = 7, c = 2, t = 5. */
class ShareCasesTest {
  private static final int DEALER = 3;

  private final Federation federation = Federation.of(7, 2).collude(DEALER);

  /** What the dealer puts into its boxes instead of its honest shares. */
  private interface Lie {
    Dealer.Content of(Dealer.Content honest);
  }

  @Test
  void case10_shareThatDoesNotMatchItsHash_dealerNamed() {
    dealing(honest -> honest.withSelfShare(other("share"), false));

    assertDealerNamed();
  }

  @Test
  void case10_shareNotBelowThePrime_dealerNamed() {
    byte[] prime = Reference.littleEndian(Reference.CURVE_PRIME);
    dealing(honest -> honest.withSelfShare(prime, true));

    assertDealerNamed();
  }

  @Test
  void case10_tagKeyThatDoesNotMatchItsCommitment_dealerNamed() {
    dealing(honest -> honest.withTagKey(other("tag key")));

    assertDealerNamed();
  }

  @Test
  void case10_honestBoxesMadeByTheAdversary_accepted() {
    dealing(honest -> honest);

    assertThat(federation.published()).isTrue();
    assertThat(federation.counted()).hasSize(7);
  }

  @Test
  void case24_wrongShareAtRelease_locatedAndReconstructed() {
    federation
        .drop(0, Dropout.AFTER_SHARES)
        .alterFrom(
            DEALER,
            FromSite.Release.class,
            release ->
                new FromSite.Release(
                    release.selfMask(),
                    Forgery.replacing(
                        release.shares(),
                        0,
                        share ->
                            new FromSite.ReleasedShare(
                                share.peerIndex(), share.kind(), Forgery.flipped(share.share()))),
                    release.signature()))
        .run();

    assertThat(federation.dropped(DEALER)).contains(DropReason.SHARE_INVALID);
    assertThat(federation.counted()).hasSize(6).contains(federation.name(DEALER));
    assertThat(federation.published()).isTrue();
    assertThat(convicted()).isEmpty();
  }

  /** Each share matches its hash, and no five lie on the polynomial of what was committed to. */
  @ParameterizedTest
  @EnumSource(names = {"AFTER_SHARES", "AFTER_CONFIRMATION"})
  void case24_sharesOffOnePolynomial_dealerConvicted(Dropout point) {
    federation.drop(DEALER, point);
    dealing(honest ->
        point == Dropout.AFTER_SHARES
            ? honest.withMaskShare(other("s share of " + honest.holder()))
            : honest.withSelfShare(other("b share of " + honest.holder()), true));

    assertThat(federation.sent(FromSite.Release.class)).hasSize(6);
    assertThat(convicted()).containsExactly(federation.name(DEALER));
    assertThat(federation.aborted()).contains(AbortReason.RECONSTRUCTION_FAILED);
    assertThat(federation.counted()).isEmpty();
  }

  /** The shares match their hashes and lie on no polynomial, or on that of another secret. */
  @ParameterizedTest
  @EnumSource(names = {"AFTER_SHARES", "AFTER_CONFIRMATION"})
  void case25_rebuiltSecretIsNotTheCommittedOne_nothingRevealed(Dropout point) {
    federation.drop(DEALER, point);
    dealing(honest ->
        honest
            .withSelfShare(other("b share of " + honest.holder()), true)
            .withMaskShare(other("s share of " + honest.holder())));

    assertThat(federation.aborted()).contains(AbortReason.RECONSTRUCTION_FAILED);
    assertThat(federation.counted()).isEmpty();
  }

  @Test
  void case25_liarThatStaysAndReleasesItself_harmless() {
    dealing(honest -> honest.withSelfShare(other("b share of " + honest.holder()), true));

    assertThat(federation.published()).isTrue();
    assertThat(federation.counted()).hasSize(7);
  }

  private List<Fingerprint> convicted() {
    return federation.effects.stream()
        .filter(AggregationEffect.Convict.class::isInstance)
        .map(effect -> ((AggregationEffect.Convict) effect).dealer())
        .toList();
  }

  private void dealing(Lie lie) {
    federation
        .alterFrom(
            DEALER,
            FromSite.Shares.class,
            honest -> new Dealer(federation, DEALER).deal(honest, lie::of))
        .run();
  }

  private void assertDealerNamed() {
    SimulatedSite holder = federation.site(0);
    assertThat(holder.refusals).containsExactly(SiteRefusal.SHARE_INVALID);
    assertThat(holder.effects)
        .anySatisfy(effect ->
            assertThat(effect)
                .isInstanceOfSatisfying(
                    SiteEffect.Refuse.class,
                    refuse ->
                        assertThat(refuse.detail()).contains(federation.name(DEALER).toString())));
    assertThat(federation.counted()).isEmpty();
    assertThat(federation.sent(FromSite.Release.class)).isEmpty();
  }

  private static byte[] other(String what) {
    byte[] bytes = TestConsortium.secret(what).toByteArray();
    bytes[31] &= 0x3f;
    return bytes;
  }
}
