package org.hanse.simulation.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.Contexts;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that were swapped, copied, repeated or are none. Site 0 is the victim, site 3 colludes. */
class KeyCasesTest {
  private static final int VICTIM = 0;
  private static final int COLLUDER = 3;

  private final Federation federation = Federation.of(5, 1).collude(COLLUDER);

  @Test
  void case01_swappedMaskKey_badSignature() {
    AgreementPublicKey own = keyOf("mitm");

    show(1, ad -> withKeys(ad, ad.channelKey(), own));

    assertThat(federation.site(VICTIM).refusals).containsExactly(SiteRefusal.SIGNATURE_INVALID);
    assertThat(federation.counted()).doesNotContain(federation.name(VICTIM));
  }

  @Test
  void case01_swappedChannelKey_badSignature() {
    AgreementPublicKey own = keyOf("mitm");

    show(1, ad -> withKeys(ad, own, ad.maskKey()));

    assertThat(federation.site(VICTIM).refusals).containsExactly(SiteRefusal.SIGNATURE_INVALID);
  }

  /** The contexts that differ from the attempt's in one part each. */
  static Stream<Hash> foreignContexts() {
    TestConsortium c = TestConsortium.of(5, 1);
    Suite suite = c.manifest().aggregation().suite();
    AttemptId id = TestConsortium.attempt(1, 0);
    Hash model = c.initialModel();
    List<Fingerprint> roster = c.roster().stream().map(RosterEntry::site).toList();
    Hash other = TestConsortium.hash("other");
    AttemptId otherJob = new AttemptId(new RoundId(new JobId("job-0002"), 1), 0);
    return Stream.of(
        Contexts.attempt(suite, TestConsortium.attempt(2, 0), model, c.planHash(), roster),
        Contexts.attempt(suite, TestConsortium.attempt(1, 1), model, c.planHash(), roster),
        Contexts.attempt(suite, otherJob, model, c.planHash(), roster),
        Contexts.attempt(suite, id, other, c.planHash(), roster),
        Contexts.attempt(suite, id, model, other, roster),
        Contexts.attempt(suite, id, model, c.planHash(), roster.subList(0, 4)),
        Contexts.attempt(Suite.PLAIN, id, model, c.planHash(), roster));
  }

  @ParameterizedTest
  @MethodSource("foreignContexts")
  void case02_adOfAnotherContext_sitesReject(Hash context) {
    show(COLLUDER, ad -> signed(ad, ad.channelKey(), ad.maskKey(), context));

    assertThat(federation.site(VICTIM).refusals).containsExactly(SiteRefusal.SIGNATURE_INVALID);
  }

  @ParameterizedTest
  @MethodSource("foreignContexts")
  void case02_adOfAnotherContext_coordinatorLeavesItOut(Hash context) {
    advertise(ad -> signed(ad, ad.channelKey(), ad.maskKey(), context));

    assertThat(federation.dropped(COLLUDER)).contains(DropReason.SIGNATURE_INVALID);
    assertThat(federation.published()).isTrue();
    assertThat(federation.counted()).hasSize(4);
  }

  @Test
  void case02_adUnderTheAttemptsOwnContext_accepted() {
    advertise(ad -> signed(ad, ad.channelKey(), ad.maskKey(), context()));

    assertThat(federation.counted()).hasSize(5);
  }

  @Test
  void case02_copiedAdUnderAnotherName_rejected() {
    alterRoster(
        ads -> Forgery.without(Forgery.replacing(ads, COLLUDER, ad -> copied(ads.get(1), ad)), 1));

    assertThat(federation.site(VICTIM).refusals).containsExactly(SiteRefusal.SIGNATURE_INVALID);
  }

  @Test
  void case02_adInAnotherSitesName_coordinatorLeavesTheSenderOut() {
    advertise(ad -> federation.sent(FromSite.Advertisement.class).getFirst());

    assertThat(federation.dropped(COLLUDER)).contains(DropReason.SIGNATURE_INVALID);
    assertThat(federation.counted()).hasSize(4);
  }

  @Test
  void case04_sameIdentityTwice_refused() {
    alterRoster(ads -> Forgery.repeating(ads, 1));

    assertThat(federation.site(VICTIM).refusals).containsExactly(SiteRefusal.SET_INVALID);
  }

  @Test
  void case04_sameKeyTwice_refused() {
    show(COLLUDER, ad -> signed(ad, ad.channelKey(), ad.channelKey(), context()));

    assertThat(federation.site(VICTIM).refusals).containsExactly(SiteRefusal.KEY_INVALID);
  }

  @Test
  void case04_anotherSitesKeyAsOwn_refused() {
    show(
        COLLUDER,
        ad ->
            signed(
                ad,
                federation.sent(FromSite.Advertisement.class).getFirst().channelKey(),
                ad.maskKey(),
                context()));

    assertThat(federation.site(VICTIM).refusals).containsExactly(SiteRefusal.KEY_INVALID);
  }

  @Test
  void case04_ownAdAltered_refused() {
    // Signed by the victim itself, of all things: its key signed another ad once.
    show(
        VICTIM,
        ad ->
            Script.resigned(
                ad, ad.channelKey(), keyOf("other"), federation.site(VICTIM).key, context()));

    assertThat(federation.site(VICTIM).refusals).containsExactly(SiteRefusal.KEY_INVALID);
  }

  @Test
  void case04_ownAdMissing_refused() {
    alterRoster(ads -> Forgery.without(ads, VICTIM));

    assertThat(federation.site(VICTIM).refusals).containsExactly(SiteRefusal.SET_INVALID);
  }

  /** Encodings of the points of order 1, 2, 4 and 8 on curve and twist: RFC 7748, section 7. */
  static Stream<Bytes> smallOrder() {
    return Stream.of(
            BigInteger.ZERO,
            BigInteger.ONE,
            Reference.CURVE_PRIME.subtract(BigInteger.ONE),
            new BigInteger(
                "325606250916557431795983626356110631294008115727848805560023387167927233504"),
            new BigInteger(
                "39382357235489614581723060781553021112529911719440698176882885853963445705823"))
        .map(u -> Bytes.of(Reference.littleEndian(u)));
  }

  /** Other spellings of small points and of the base point: not reduced, or with the top bit. */
  static Stream<Bytes> notCanonical() {
    return Stream.of(
            Reference.CURVE_PRIME,
            Reference.CURVE_PRIME.add(BigInteger.ONE),
            Reference.CURVE_PRIME.add(BigInteger.valueOf(9)),
            BigInteger.valueOf(9).setBit(255))
        .map(u -> Bytes.of(Reference.littleEndian(u)));
  }

  @ParameterizedTest
  @MethodSource({"smallOrder", "notCanonical"})
  void case05_invalidMaskKey_sitesRefuse(Bytes key) {
    show(COLLUDER, ad -> signed(ad, ad.channelKey(), AgreementPublicKey.classical(key), context()));

    assertThat(federation.site(VICTIM).refusals).containsExactly(SiteRefusal.KEY_INVALID);
  }

  @ParameterizedTest
  @MethodSource({"smallOrder", "notCanonical"})
  void case05_invalidChannelKey_sitesRefuse(Bytes key) {
    show(COLLUDER, ad -> signed(ad, AgreementPublicKey.classical(key), ad.maskKey(), context()));

    assertThat(federation.site(VICTIM).refusals).containsExactly(SiteRefusal.KEY_INVALID);
  }

  @ParameterizedTest
  @MethodSource({"smallOrder", "notCanonical"})
  void case05_invalidKey_coordinatorLeavesTheSenderOut(Bytes key) {
    advertise(ad -> signed(ad, ad.channelKey(), AgreementPublicKey.classical(key), context()));

    assertThat(federation.dropped(COLLUDER)).contains(DropReason.KEY_INVALID);
    assertThat(federation.counted()).hasSize(4);
  }

  private static AgreementPublicKey keyOf(String name) {
    return AgreementPublicKey.classical(
        Bytes.of(Reference.publicKey(TestConsortium.secret(name).toByteArray())));
  }

  /** The coordinator shows its victim another ad than this site sent. */
  private void show(int number, UnaryOperator<FromSite.Advertisement> change) {
    alterRoster(ads -> Forgery.replacing(ads, number, change));
  }

  private void alterRoster(UnaryOperator<List<FromSite.Advertisement>> change) {
    federation
        .alterTo(
            VICTIM,
            ToSite.Roster.class,
            roster -> new ToSite.Roster(change.apply(new ArrayList<>(roster.advertisements()))))
        .run();
    assertThat(federation.sent(FromSite.Shares.class)).hasSize(4);
  }

  /** The colluding site advertises something else to all. */
  private void advertise(UnaryOperator<FromSite.Advertisement> change) {
    federation.alterFrom(COLLUDER, FromSite.Advertisement.class, change).run();
  }

  private FromSite.Advertisement signed(
      FromSite.Advertisement ad,
      AgreementPublicKey channelKey,
      AgreementPublicKey maskKey,
      Hash context) {
    return Script.resigned(ad, channelKey, maskKey, federation.site(COLLUDER).key, context);
  }

  private Hash context() {
    return federation.state().context();
  }

  private static FromSite.Advertisement withKeys(
      FromSite.Advertisement ad, AgreementPublicKey channelKey, AgreementPublicKey maskKey) {
    return new FromSite.Advertisement(
        ad.site(),
        channelKey,
        maskKey,
        ad.selfMaskCommitment(),
        ad.tagKeyCommitment(),
        ad.signature());
  }

  /** The keys and signature of one site under the name of another. */
  private static FromSite.Advertisement copied(
      FromSite.Advertisement from, FromSite.Advertisement to) {
    return new FromSite.Advertisement(
        to.site(),
        from.channelKey(),
        from.maskKey(),
        from.selfMaskCommitment(),
        from.tagKeyCommitment(),
        from.signature());
  }
}
