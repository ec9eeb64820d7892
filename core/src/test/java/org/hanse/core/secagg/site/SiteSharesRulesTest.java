package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.hanse.core.crypto.AgreementKey;
import org.hanse.core.crypto.Field25519;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.Forgery;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ComplaintReason;
import org.hanse.core.secagg.KeySet;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SimulatedSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.shamir.ShamirSharing;
import org.junit.jupiter.api.Test;

/** What a site checks of M4. */
class SiteSharesRulesTest {
  /** A dealer other than the site, and its delivery's position: the site has none of its own. */
  private static final int DEALER = 4;

  private static final int DELIVERY = 3;
  private SiteScenario scenario = SiteScenario.before(ToSite.SharesFor.class);
  private final ToSite.SharesFor honest = scenario.message(ToSite.SharesFor.class);
  private final SimulatedSite dealer = scenario.federation.site(DEALER);

  @Test
  void shares_boxAltered_refused() {
    assertRefusesEntry(entry -> Forgery.withBox(entry, Forgery.flipped(entry.ciphertext(), 40)));
  }

  @Test
  void shares_boxOfAnotherReceiver_refused() {
    ToSite.SharesFor toPeer =
        (ToSite.SharesFor)
            scenario.federation.state.currentFor(scenario.federation.site(0).name()).orElseThrow();

    assertRefuses(
        new ToSite.SharesFor(
            honest.sharers(),
            Forgery.replacing(
                honest.deliveries(), DELIVERY, delivery -> toPeer.deliveries().getLast())));
  }

  @Test
  void shares_pathOfAnotherLeafOrCutOrLonger_refused() {
    assertRefusesDelivery(
        d -> new ToSite.Delivery(d.dealer(), d.index(), d.entry(), d.path().reversed()));
    assertRefusesDelivery(
        d -> new ToSite.Delivery(d.dealer(), d.index(), d.entry(), Forgery.without(d.path(), 0)));
    assertRefusesDelivery(
        d -> new ToSite.Delivery(d.dealer(), d.index(), d.entry(), Forgery.repeating(d.path(), 0)));
    assertRefusesDelivery(d -> new ToSite.Delivery(d.dealer(), d.index() + 1, d.entry(), d.path()));
  }

  @Test
  void shares_deliveryMissingOrTwiceOrOfOutsider_refused() {
    assertRefuses(
        new ToSite.SharesFor(honest.sharers(), Forgery.without(honest.deliveries(), DELIVERY)));
    assertRefuses(
        new ToSite.SharesFor(honest.sharers(), Forgery.repeating(honest.deliveries(), DELIVERY)));
    assertRefuses(
        new ToSite.SharesFor(Forgery.without(honest.sharers(), DEALER), honest.deliveries()));
  }

  @Test
  void shares_rootOrSignatureAltered_refused() {
    assertRefuses(
        new ToSite.SharesFor(
            Forgery.replacing(
                honest.sharers(),
                DEALER,
                s ->
                    new ToSite.SharerCommitment(
                        s.site(), Forgery.flipped(s.entryRoot()), s.signature())),
            honest.deliveries()),
        SiteRefusal.SIGNATURE_INVALID);
  }

  @Test
  void shares_dealerSawAnotherU1_refused() {
    Hash otherKeys = TestConsortium.hash("another U1");

    assertRefuses(
        new ToSite.SharesFor(
            Forgery.replacing(
                honest.sharers(),
                DEALER,
                s ->
                    new ToSite.SharerCommitment(
                        s.site(),
                        s.entryRoot(),
                        SignedContent.shares(otherKeys, s.entryRoot())
                            .signedBy(dealer.identity, scenario.context()))),
            honest.deliveries()),
        SiteRefusal.SIGNATURE_INVALID);
  }

  @Test
  void shares_ownRootReplacedByOneTheSiteSignedElsewhere_refused() {
    Hash otherRoot = TestConsortium.hash("another root");
    KeySet keys = KeySet.of(scenario.message(ToSite.Roster.class).advertisements());

    assertRefuses(
        new ToSite.SharesFor(
            Forgery.replacing(
                honest.sharers(),
                SiteScenario.SITE,
                s ->
                    new ToSite.SharerCommitment(
                        s.site(),
                        otherRoot,
                        SignedContent.shares(keys.hash(), otherRoot)
                            .signedBy(scenario.site.identity, scenario.context()))),
            honest.deliveries()));
  }

  @Test
  void shares_withoutSelf_refused() {
    assertRefuses(
        new ToSite.SharesFor(
            Forgery.without(honest.sharers(), SiteScenario.SITE), honest.deliveries()),
        SiteRefusal.SET_INVALID);
  }

  @Test
  void shares_dealerWithoutKeys_refused() {
    Fingerprint stranger = Fingerprint.fromHex("ff".repeat(32));
    ToSite.SharerCommitment root = honest.sharers().getLast();
    ToSite.Delivery box = honest.deliveries().getLast();

    assertRefuses(
        new ToSite.SharesFor(
            and(
                honest.sharers(),
                new ToSite.SharerCommitment(stranger, root.entryRoot(), root.signature())),
            and(
                honest.deliveries(),
                new ToSite.Delivery(stranger, box.index(), box.entry(), box.path()))),
        SiteRefusal.SET_INVALID);
  }

  private static <T> List<T> and(List<T> all, T last) {
    return Stream.concat(all.stream(), Stream.of(last)).toList();
  }

  @Test
  void shares_belowMinimum_refused() {
    assertRefuses(
        new ToSite.SharesFor(
            Forgery.shortened(honest.sharers(), 2), Forgery.shortened(honest.deliveries(), 2)),
        SiteRefusal.COHORT_TOO_SMALL);
  }

  @Test
  void shares_dealerSealsShareThatDoesNotMatchItsHash_refused() {
    assertRefusesBoxOf(
        box -> new ShareBox(secret(7), box.maskShare(), box.tagKey()),
        true,
        ComplaintReason.SHARE_INVALID);
    assertRefusesBoxOf(
        box -> new ShareBox(box.selfShare(), secret(7), box.tagKey()),
        true,
        ComplaintReason.SHARE_INVALID);
  }

  @Test
  void shares_dealerSealsShareNotBelowThePrime_refused() {
    byte[] prime = new byte[Field25519.SIZE_BYTES];
    Arrays.fill(prime, (byte) 0xff);
    prime[0] = (byte) 0xed;
    prime[31] = 0x7f;
    assertThat(ShamirSharing.isElement(SecretBytes.copyOf(prime))).isFalse();

    assertRefusesBoxOf(
        box -> new ShareBox(SecretBytes.copyOf(prime), box.maskShare(), box.tagKey()),
        false,
        ComplaintReason.SHARE_INVALID);
  }

  @Test
  void shares_dealerSealsTagKeyThatDoesNotMatchItsCommitment_refused() {
    assertRefusesBoxOf(
        box -> new ShareBox(box.selfShare(), box.maskShare(), secret(7)),
        false,
        ComplaintReason.TAG_KEY_INVALID);
  }

  @Test
  void shares_dealerSealsTooShortText_refused() {
    assertRefusesBoxOf(
        box -> new ShareBox(box.selfShare(), box.maskShare(), box.tagKey().slice(0, 31)),
        false,
        ComplaintReason.WRONG_LENGTH);
  }

  @Test
  void shares_boxReplayedFromAnotherAttempt_refused() {
    Hash otherAttempt = TestConsortium.hash("another attempt");

    assertComplainsAboutDealer(
        (box, entry) -> seal(box, otherAttempt), ComplaintReason.BOX_UNREADABLE);
  }

  @Test
  void shares_boxThatNamesAnotherReceiver_refused() {
    Fingerprint other = scenario.federation.site(0).name();

    // Whoever delivers it is to blame, not the dealer.
    assertRefuses(
        withEntryOfDealer((box, entry) ->
            new FromSite.ShareEntry(
                other,
                entry.nonce(),
                entry.ciphertext(),
                entry.selfShareHash(),
                entry.maskShareHash(),
                entry.channelEncapsulation(),
                entry.maskEncapsulation())));
  }

  /** The dealer seals another box, with the hashes of the honest one or of the other. */
  private void assertRefusesBoxOf(
      UnaryOperator<ShareBox> change, boolean keepHashes, ComplaintReason reason) {
    assertComplainsAboutDealer(
        (box, entry) -> {
          FromSite.ShareEntry sealed = seal(change.apply(box), scenario.context());
          return keepHashes ? Forgery.withBox(entry, sealed.ciphertext()) : sealed;
        },
        reason);
  }

  private FromSite.ShareEntry seal(ShareBox box, Hash context) {
    ShareBox.Route route = new ShareBox.Route(context, dealer.name(), scenario.site.name());
    FromSite.ShareEntry honestEntry = honest.deliveries().get(DELIVERY).entry();
    SiteState.Shared state = (SiteState.Shared) scenario.site.state;
    // The receiver's side knows the same secret as the dealer's.
    AgreementKey.Agreed channel =
        state
            .secrets()
            .channelKey()
            .agreeFrom(
                state.keys().of(dealer.name()).channelKey(), honestEntry.channelEncapsulation());
    return box.seal(route, channel, honestEntry.nonce(), honestEntry.maskEncapsulation());
  }

  private void assertComplainsAboutDealer(
      BiFunction<ShareBox, FromSite.ShareEntry, FromSite.ShareEntry> change,
      ComplaintReason reason) {
    scenario = SiteScenario.before(ToSite.SharesFor.class);
    scenario.assertComplains(withEntryOfDealer(change), dealer.name(), reason);
  }

  /** The dealer itself is dishonest: it signs the tree over whatever entry it likes. */
  private ToSite.SharesFor withEntryOfDealer(
      BiFunction<ShareBox, FromSite.ShareEntry, FromSite.ShareEntry> change) {
    SiteState.Shared state = (SiteState.Shared) scenario.site.state;
    Fingerprint from = dealer.name();
    ShareBox.Route route = new ShareBox.Route(scenario.context(), from, scenario.site.name());
    return scenario.withEntryOf(
        DEALER,
        entry ->
            change.apply(
                ((Verified.Good<ShareBox>)
                        ShareBox.open(
                            route, state.secrets().channelKey(), state.keys().of(from), entry))
                    .value(),
                entry));
  }

  private static SecretBytes secret(int value) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) value);
    return SecretBytes.adopt(bytes);
  }

  private void assertRefusesEntry(UnaryOperator<FromSite.ShareEntry> change) {
    assertRefusesDelivery(
        d -> new ToSite.Delivery(d.dealer(), d.index(), change.apply(d.entry()), d.path()));
  }

  private void assertRefusesDelivery(UnaryOperator<ToSite.Delivery> change) {
    assertRefuses(
        new ToSite.SharesFor(
            honest.sharers(), Forgery.replacing(honest.deliveries(), DELIVERY, change)));
  }

  private void assertRefuses(ToSite.SharesFor message) {
    assertRefuses(message, SiteRefusal.SHARE_INVALID);
  }

  private void assertRefuses(ToSite.SharesFor message, SiteRefusal reason) {
    scenario = SiteScenario.before(ToSite.SharesFor.class);
    scenario.assertRefuses(message, reason);
  }
}
