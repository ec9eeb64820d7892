package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.crypto.X25519Key;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.Contexts;
import org.hanse.core.secagg.Forgery;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a site checks of M2. */
class SiteRosterRulesTest {
  private static final int PEER = 4;
  private SiteScenario scenario = SiteScenario.before(ToSite.Roster.class);
  private final List<FromSite.Advertisement> ads =
      scenario.message(ToSite.Roster.class).advertisements();

  @Test
  void roster_coordinatorSwapsMaskKey_refused() {
    AgreementPublicKey ownKey = mine();

    assertRefuses(
        PEER,
        ad ->
            new FromSite.Advertisement(
                ad.site(),
                ad.channelKey(),
                ownKey,
                ad.selfMaskCommitment(),
                ad.tagKeyCommitment(),
                ad.signature()),
        SiteRefusal.SIGNATURE_INVALID);
  }

  static Stream<Hash> foreignContexts() {
    TestConsortium consortium = TestConsortium.of(5, 1);
    List<Fingerprint> roster = consortium.roster().stream().map(RosterEntry::site).toList();
    AttemptId attempt = TestConsortium.attempt(7, 0);
    Hash model = TestConsortium.MODEL;
    Hash plan = TestConsortium.PLAN_HASH;
    return Stream.of(
        Contexts.attempt(Suite.FLSA1, TestConsortium.attempt(8, 0), model, plan, roster),
        Contexts.attempt(Suite.FLSA1, TestConsortium.attempt(7, 1), model, plan, roster),
        Contexts.attempt(
            Suite.FLSA1,
            new AttemptId(new RoundId(new JobId("job-0002"), 7), 0),
            model,
            plan,
            roster),
        Contexts.attempt(Suite.FLSA1, attempt, TestConsortium.hash("crafted"), plan, roster),
        Contexts.attempt(
            Suite.FLSA1, attempt, model, TestConsortium.hash("lower threshold"), roster),
        Contexts.attempt(Suite.FLSA1, attempt, model, plan, roster.subList(0, 4)),
        Contexts.attempt(Suite.PLAIN, attempt, model, plan, roster),
        Contexts.attempt(Suite.FLSA1_HYBRID, attempt, model, plan, roster));
  }

  @ParameterizedTest
  @MethodSource("foreignContexts")
  void roster_keysSignedUnderOtherContext_refused(Hash foreign) {
    assertRefuses(
        PEER,
        ad -> Forgery.signed(ad, ad.channelKey(), ad.maskKey(), scenario.key(ad.site()), foreign),
        SiteRefusal.SIGNATURE_INVALID);
  }

  @Test
  void roster_keysCopiedUnderOtherSignersName_refused() {
    FromSite.Advertisement copied = ads.get(3);

    assertRefuses(
        PEER,
        ad ->
            new FromSite.Advertisement(
                ad.site(),
                copied.channelKey(),
                copied.maskKey(),
                copied.selfMaskCommitment(),
                copied.tagKeyCommitment(),
                copied.signature()),
        SiteRefusal.KEY_INVALID);
  }

  @Test
  void roster_peerRepeatsAnothersKey_refused() {
    assertRefuses(
        PEER, ad -> signedByPeer(ad, ads.get(3).maskKey(), ad.maskKey()), SiteRefusal.KEY_INVALID);
  }

  @Test
  void roster_peerUsesOneKeyTwice_refused() {
    assertRefuses(
        PEER, ad -> signedByPeer(ad, ad.maskKey(), ad.maskKey()), SiteRefusal.KEY_INVALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
      })
  void roster_peerKeyOfSmallOrder_refused(String hex) {
    assertRefuses(
        PEER,
        ad -> signedByPeer(ad, ad.channelKey(), Forgery.withX25519(ad.maskKey(), hex)),
        SiteRefusal.KEY_INVALID);
    scenario = SiteScenario.before(ToSite.Roster.class);
    assertRefuses(
        PEER,
        ad -> signedByPeer(ad, Forgery.withX25519(ad.channelKey(), hex), ad.maskKey()),
        SiteRefusal.KEY_INVALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // p + 9, the base point again; and 9 with the top bit set.
        "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0900000000000000000000000000000000000000000000000000000000000080",
        "09",
      })
  void roster_peerKeyNotCanonical_refused(String hex) {
    assertRefuses(
        PEER,
        ad -> signedByPeer(ad, Forgery.withX25519(ad.channelKey(), hex), ad.maskKey()),
        SiteRefusal.KEY_INVALID);
  }

  @Test
  void roster_ownKeysAltered_refused() {
    AgreementPublicKey other = mine();

    assertRefuses(
        SiteScenario.SITE, ad -> signedByPeer(ad, ad.channelKey(), other), SiteRefusal.KEY_INVALID);
  }

  @Test
  void roster_ownKeysMissing_refused() {
    scenario.assertRefuses(
        new ToSite.Roster(Forgery.without(ads, SiteScenario.SITE)), SiteRefusal.SET_INVALID);
  }

  @Test
  void roster_samePeerTwiceOrNotAscending_refused() {
    scenario.assertRefuses(
        new ToSite.Roster(Forgery.repeating(ads, PEER)), SiteRefusal.SET_INVALID);
    SiteScenario.before(ToSite.Roster.class)
        .assertRefuses(new ToSite.Roster(Forgery.swapping(ads, 3)), SiteRefusal.SET_INVALID);
  }

  @Test
  void roster_outsider_refused() {
    SigningKey stranger = TestConsortium.signingKey("stranger");
    FromSite.Advertisement foreign =
        new AttemptSecrets(
                Suite.FLSA1,
                TestConsortium.secret("stranger"),
                scenario.context(),
                stranger.fingerprint())
            .advertise(stranger);
    List<FromSite.Advertisement> forged =
        Stream.concat(ads.stream(), Stream.of(foreign))
            .sorted(Comparator.comparing(FromSite.Advertisement::site))
            .toList();

    scenario.assertRefuses(new ToSite.Roster(forged), SiteRefusal.SET_INVALID);
  }

  @Test
  void roster_belowMinimum_refused() {
    // N = 5, c = 1: max(t, n_min) = 4.
    scenario.assertRefuses(
        new ToSite.Roster(Forgery.shortened(ads, 2)), SiteRefusal.COHORT_TOO_SMALL);
  }

  @Test
  void roster_exactlyMinimum_taken() {
    scenario.site.receive(new ToSite.Roster(Forgery.shortened(ads, 1)));

    assertThat(scenario.site.state).isInstanceOf(SiteState.Shared.class);
  }

  private static AgreementPublicKey mine() {
    return AgreementPublicKey.classical(
        X25519Key.fromSecret(TestConsortium.secret("mine")).publicKey());
  }

  private FromSite.Advertisement signedByPeer(
      FromSite.Advertisement ad, AgreementPublicKey channelKey, AgreementPublicKey maskKey) {
    return Forgery.signed(ad, channelKey, maskKey, scenario.key(ad.site()), scenario.context());
  }

  private void assertRefuses(
      int index, UnaryOperator<FromSite.Advertisement> change, SiteRefusal reason) {
    scenario.assertRefuses(new ToSite.Roster(Forgery.replacing(ads, index, change)), reason);
  }
}
