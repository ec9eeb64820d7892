package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.Forgery;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ComplaintReason;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;

/**
 * What a site refuses of ML-KEM keys and encapsulations. Site 0 is lower than it, site 4 higher.
 */
class SiteEncapsulationRulesTest {
  private static final int LOWER = 0;
  private static final int HIGHER = 4;
  private static final Optional<Bytes> NONE = Optional.empty();

  @Test
  void roster_kemKeyMissingUnexpectedUnreducedOrCopied_refused() {
    assertRefusesKey(Suite.FLSA1_HYBRID, key -> AgreementPublicKey.classical(key.x25519()));
    assertRefusesKey(
        Suite.FLSA1,
        key -> new AgreementPublicKey(key.x25519(), Optional.of(Bytes.of(new byte[1184]))));
    assertRefusesKey(Suite.FLSA1_HYBRID, Forgery::withUnreducedMlKem);
    Optional<Bytes> copied =
        scenario(Suite.FLSA1_HYBRID, ToSite.Roster.class)
            .message(ToSite.Roster.class)
            .advertisements()
            .get(LOWER)
            .maskKey()
            .mlKem();
    assertRefusesKey(Suite.FLSA1_HYBRID, key -> new AgreementPublicKey(key.x25519(), copied));
  }

  @Test
  void shares_channelEncapsulationMissingOrNotToThisSite_complains() {
    for (int dealer : new int[] {LOWER, HIGHER}) {
      assertComplains(Suite.FLSA1_HYBRID, dealer, e -> with(e, NONE, e.maskEncapsulation()));
      assertComplains(
          Suite.FLSA1_HYBRID,
          dealer,
          e -> with(e, flipped(e.channelEncapsulation()), e.maskEncapsulation()));
    }
  }

  @Test
  void shares_maskEncapsulationOfALowerSiteMissingOrNotToThisSite_complains() {
    assertComplains(Suite.FLSA1_HYBRID, LOWER, e -> with(e, e.channelEncapsulation(), NONE));
    assertComplains(
        Suite.FLSA1_HYBRID,
        LOWER,
        e -> with(e, e.channelEncapsulation(), flipped(e.maskEncapsulation())));
  }

  @Test
  void shares_encapsulationWhereTheSuiteHasNone_complains() {
    Optional<Bytes> any = Optional.of(Bytes.of(new byte[1088]));
    assertComplains(Suite.FLSA1, LOWER, e -> with(e, any, NONE));
    assertComplains(Suite.FLSA1, LOWER, e -> with(e, NONE, any));
  }

  /** Else a coordinator could have a site accuse an honest dealer. */
  @Test
  void shares_coordinatorAddsAnEncapsulationToAnHonestEntry_isNotUnderTheRoot() {
    Optional<Bytes> any = Optional.of(Bytes.of(new byte[1088]));
    for (Suite suite : new Suite[] {Suite.FLSA1, Suite.FLSA1_HYBRID}) {
      for (int dealer : new int[] {LOWER, HIGHER}) {
        assertNotProven(suite, dealer, e -> with(e, e.channelEncapsulation(), any));
        assertNotProven(suite, dealer, e -> with(e, any, e.maskEncapsulation()));
      }
    }
  }

  private static Optional<Bytes> flipped(Optional<Bytes> ciphertext) {
    return ciphertext.map(bytes -> Forgery.flipped(bytes, 100));
  }

  private static FromSite.ShareEntry with(
      FromSite.ShareEntry entry, Optional<Bytes> channel, Optional<Bytes> mask) {
    return Forgery.withEncapsulations(entry, channel, mask);
  }

  private static void assertRefusesKey(Suite suite, UnaryOperator<AgreementPublicKey> change) {
    for (boolean channel : new boolean[] {true, false}) {
      SiteScenario scenario = scenario(suite, ToSite.Roster.class);
      List<FromSite.Advertisement> forged =
          Forgery.replacing(
              scenario.message(ToSite.Roster.class).advertisements(),
              HIGHER,
              ad ->
                  Forgery.signed(
                      ad,
                      channel ? change.apply(ad.channelKey()) : ad.channelKey(),
                      channel ? ad.maskKey() : change.apply(ad.maskKey()),
                      scenario.key(ad.site()),
                      scenario.context()));
      scenario.assertRefuses(new ToSite.Roster(forged), SiteRefusal.KEY_INVALID);
    }
  }

  private static void assertNotProven(
      Suite suite, int dealer, UnaryOperator<FromSite.ShareEntry> change) {
    SiteScenario scenario = scenario(suite, ToSite.SharesFor.class);
    ToSite.SharesFor honest = scenario.message(ToSite.SharesFor.class);
    scenario.assertRefuses(
        new ToSite.SharesFor(
            honest.sharers(),
            Forgery.replacing(
                honest.deliveries(),
                SiteScenario.deliveryOf(dealer),
                d ->
                    new ToSite.Delivery(d.dealer(), d.index(), change.apply(d.entry()), d.path()))),
        SiteRefusal.SHARE_INVALID);
  }

  /** The dealer itself signs the changed entry. */
  private static void assertComplains(
      Suite suite, int dealer, UnaryOperator<FromSite.ShareEntry> change) {
    SiteScenario scenario = scenario(suite, ToSite.SharesFor.class);
    scenario.assertComplains(
        scenario.withEntryOf(dealer, change),
        scenario.federation.site(dealer).name(),
        ComplaintReason.ENCAPSULATION_INVALID);
    assertThat(scenario.site.state).isInstanceOf(SiteState.Aborted.class);
  }

  private static SiteScenario scenario(Suite suite, Class<? extends ToSite> next) {
    return SiteScenario.before(next, TestConsortium.of(TestConsortium.Shape.of(5, 1).suite(suite)));
  }
}
