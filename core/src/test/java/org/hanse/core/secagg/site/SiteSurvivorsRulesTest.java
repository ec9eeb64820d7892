package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.hanse.core.crypto.Mersenne61;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.Forgery;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;

/** What a site checks of M6. */
class SiteSurvivorsRulesTest {
  private static final int PEER = 4;
  private final SiteScenario scenario = SiteScenario.before(ToSite.Survivors.class);
  private final List<ToSite.Survivor> survivors =
      scenario.message(ToSite.Survivors.class).survivors();

  @Test
  void survivors_peersRootAltered_refused() {
    assertRefuses(
        PEER,
        s -> survivor(s, Forgery.flipped(s.root()), s.tag0(), s.signature()),
        SiteRefusal.SIGNATURE_INVALID);
  }

  @Test
  void survivors_peersTagAltered_refused() {
    assertRefuses(
        PEER,
        s -> survivor(s, s.root(), Mersenne61.add(s.tag0(), 1), s.signature()),
        SiteRefusal.SIGNATURE_INVALID);
  }

  @Test
  void survivors_tagOutOfRange_refused() {
    assertRefuses(
        PEER, s -> survivor(s, s.root(), Mersenne61.PRIME, s.signature()), SiteRefusal.SET_INVALID);
  }

  @Test
  void survivors_ownRootOrTagReplacedByAnotherTheSiteSigned_refused() {
    Hash dealerSetHash = ((SiteState.Uploaded) scenario.site.state).dealers().hash();
    assertRefuses(
        SiteScenario.SITE,
        s -> signed(s, TestConsortium.hash("root"), s.tag0(), dealerSetHash),
        SiteRefusal.OWN_UPLOAD_ALTERED);
    SiteScenario.before(ToSite.Survivors.class)
        .assertRefuses(
            new ToSite.Survivors(
                Forgery.replacing(
                    survivors,
                    SiteScenario.SITE,
                    s -> signed(s, s.root(), Mersenne61.add(s.tag0(), 1), dealerSetHash))),
            SiteRefusal.OWN_UPLOAD_ALTERED);
  }

  @Test
  void survivors_peerUploadedUnderAnotherU2_refused() {
    assertRefuses(
        PEER,
        s -> signed(s, s.root(), s.tag0(), TestConsortium.hash("another U2")),
        SiteRefusal.SIGNATURE_INVALID);
  }

  @Test
  void survivors_withoutSelf_refused() {
    scenario.assertRefuses(
        new ToSite.Survivors(Forgery.without(survivors, SiteScenario.SITE)),
        SiteRefusal.SET_INVALID);
  }

  @Test
  void survivors_peerTwiceOrNotAscending_refused() {
    scenario.assertRefuses(
        new ToSite.Survivors(Forgery.repeating(survivors, PEER)), SiteRefusal.SET_INVALID);
    SiteScenario.before(ToSite.Survivors.class)
        .assertRefuses(
            new ToSite.Survivors(Forgery.swapping(survivors, 3)), SiteRefusal.SET_INVALID);
  }

  @Test
  void survivors_memberThatDealtNoShares_refused() {
    SiteScenario other = SiteScenario.before(ToSite.SharesFor.class);
    ToSite.SharesFor all = other.message(ToSite.SharesFor.class);
    other.site.receive(
        new ToSite.SharesFor(
            Forgery.shortened(all.sharers(), 1), Forgery.shortened(all.deliveries(), 1)));
    other.site.handle(SiteScenario.uploadMasked());
    assertThat(other.site.state).isInstanceOf(SiteState.Uploaded.class);

    other.assertRefuses(new ToSite.Survivors(survivors), SiteRefusal.SET_INVALID);
  }

  @Test
  void survivors_belowMinimum_refused() {
    scenario.assertRefuses(
        new ToSite.Survivors(Forgery.shortened(survivors, 2)), SiteRefusal.COHORT_TOO_SMALL);
  }

  @Test
  void survivors_exactlyMinimum_confirmed() {
    scenario.site.receive(new ToSite.Survivors(Forgery.shortened(survivors, 1)));

    assertThat(scenario.site.state).isInstanceOf(SiteState.Confirmed.class);
  }

  @Test
  void survivors_againstOwnPolicy_refused() {
    Fingerprint required = survivors.getLast().site();
    SiteRules rules =
        new SiteRules(
            scenario.federation.consortium.terms(),
            scenario.site.name(),
            new CohortFloor(2, Set.of(required)));
    SiteState.Uploaded state = (SiteState.Uploaded) scenario.site.state;
    AttemptContext context = state.running().context();

    assertThat(rules.survivors(context, state.dealers(), state.own(), survivors)).isEmpty();
    assertThat(
            rules.survivors(context, state.dealers(), state.own(), Forgery.shortened(survivors, 1)))
        .map(Refusal::reason)
        .contains(SiteRefusal.COHORT_TOO_SMALL);
  }

  @Test
  void survivors_anotherSetAfterTheFirst_refusedAndRepeatAnsweredAsBefore() {
    ToSite.Survivors first = new ToSite.Survivors(survivors);
    List<SiteEffect> reply = scenario.site.receive(first);
    assertThat(scenario.site.receive(first)).isEqualTo(reply);

    scenario.assertRefuses(
        new ToSite.Survivors(Forgery.shortened(survivors, 1)), SiteRefusal.UNEXPECTED_MESSAGE);
  }

  private static ToSite.Survivor survivor(
      ToSite.Survivor s, Hash root, long tag0, Bytes signature) {
    return new ToSite.Survivor(s.site(), root, tag0, s.tag1(), signature);
  }

  /** Signed by its owner. */
  private ToSite.Survivor signed(ToSite.Survivor s, Hash root, long tag0, Hash dealerSetHash) {
    Bytes signature =
        SignedContent.upload(dealerSetHash, 11, root, tag0, s.tag1())
            .signedBy(scenario.key(s.site()), scenario.context());
    return survivor(s, root, tag0, signature);
  }

  private void assertRefuses(int index, UnaryOperator<ToSite.Survivor> change, SiteRefusal reason) {
    scenario.assertRefuses(
        new ToSite.Survivors(Forgery.replacing(survivors, index, change)), reason);
  }
}
