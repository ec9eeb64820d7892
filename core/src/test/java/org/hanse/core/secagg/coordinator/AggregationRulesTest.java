package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.crypto.Mersenne61;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.crypto.X25519Key;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.Forgery;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SimulatedSite;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the coordinator refuses; the sender is left out, the round goes on. */
class AggregationRulesTest {
  private CoordinatorScenario scenario =
      CoordinatorScenario.awaitingAnswerTo(ToSite.RoundStart.class);
  private final SigningKey key = scenario.federation.site(CoordinatorScenario.STRAGGLER).identity;

  @Test
  void advertisement_signatureOfAnotherContext_leftOut() {
    FromSite.Advertisement ad = scenario.message(FromSite.Advertisement.class);

    assertLeftOut(
        Forgery.signed(
            ad, ad.channelKey(), ad.maskKey(), key, TestConsortium.hash("another round")),
        DropReason.SIGNATURE_INVALID);
  }

  @Test
  void advertisement_inAnotherSitesName_leftOut() {
    FromSite.Advertisement ofAnother = scenario.firstAdvertisement();

    assertLeftOut(ofAnother, DropReason.SIGNATURE_INVALID);
  }

  @Test
  void advertisement_copiedKey_leftOut() {
    FromSite.Advertisement ad = scenario.message(FromSite.Advertisement.class);
    AgreementPublicKey copied = scenario.firstAdvertisement().maskKey();

    assertLeftOut(
        Forgery.signed(ad, ad.channelKey(), copied, key, scenario.state().context()),
        DropReason.KEY_INVALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "00",
      })
  void advertisement_keyOfSmallOrderOrNotCanonical_leftOut(String hex) {
    FromSite.Advertisement ad = scenario.message(FromSite.Advertisement.class);

    assertLeftOut(
        Forgery.signed(
            ad,
            Forgery.withX25519(ad.channelKey(), hex),
            ad.maskKey(),
            key,
            scenario.state().context()),
        DropReason.KEY_INVALID);
  }

  @Test
  void shares_forAnotherU1OrNotForEverybody_leftOut() {
    at(ToSite.Roster.class);
    FromSite.Shares shares = scenario.message(FromSite.Shares.class);
    assertLeftOut(
        new FromSite.Shares(
            TestConsortium.hash("U1"), shares.entries(), shares.entryRoot(), shares.signature()),
        DropReason.WRONG_SET);

    at(ToSite.Roster.class);
    assertLeftOut(
        new FromSite.Shares(
            shares.rosterHash(),
            Forgery.without(shares.entries(), 0),
            shares.entryRoot(),
            shares.signature()),
        DropReason.WRONG_SET);
  }

  @Test
  void shares_boxOfWrongLength_leftOut() {
    at(ToSite.Roster.class);
    FromSite.Shares shares = scenario.message(FromSite.Shares.class);
    List<FromSite.ShareEntry> entries =
        Forgery.replacing(shares.entries(), 1, e -> Forgery.withBox(e, Bytes.of(new byte[111])));

    assertLeftOut(
        new FromSite.Shares(shares.rosterHash(), entries, shares.entryRoot(), shares.signature()),
        DropReason.WRONG_LENGTH);
  }

  @Test
  void shares_rootOfOtherBoxes_leftOut() {
    at(ToSite.Roster.class);
    FromSite.Shares shares = scenario.message(FromSite.Shares.class);
    List<FromSite.ShareEntry> entries =
        Forgery.replacing(
            shares.entries(), 1, e -> Forgery.withBox(e, Forgery.flipped(e.ciphertext(), 3)));

    assertLeftOut(
        new FromSite.Shares(shares.rosterHash(), entries, shares.entryRoot(), shares.signature()),
        DropReason.WRONG_ROOT);
  }

  @Test
  void shares_signatureAltered_leftOut() {
    at(ToSite.Roster.class);
    FromSite.Shares shares = scenario.message(FromSite.Shares.class);

    assertLeftOut(
        new FromSite.Shares(
            shares.rosterHash(),
            shares.entries(),
            shares.entryRoot(),
            Forgery.flipped(shares.signature(), 0)),
        DropReason.SIGNATURE_INVALID);
  }

  @Test
  void upload_wrongLengthOrChunkCountOrTag_leftOut() {
    at(ToSite.SharesFor.class);
    FromSite.UploadCommit commit = scenario.message(FromSite.UploadCommit.class);
    assertLeftOut(upload(commit.root(), 1, 10, commit.tag0()), DropReason.WRONG_LENGTH);

    at(ToSite.SharesFor.class);
    assertLeftOut(upload(commit.root(), 2, 11, commit.tag0()), DropReason.WRONG_LENGTH);

    at(ToSite.SharesFor.class);
    assertLeftOut(upload(commit.root(), 1, 11, Mersenne61.PRIME), DropReason.WRONG_LENGTH);
  }

  @Test
  void upload_signatureOverOtherRoot_leftOut() {
    at(ToSite.SharesFor.class);
    FromSite.UploadCommit commit = scenario.message(FromSite.UploadCommit.class);

    assertLeftOut(
        new FromSite.UploadCommit(
            Forgery.flipped(commit.root()),
            1,
            11,
            commit.tag0(),
            commit.tag1(),
            commit.signature()),
        DropReason.SIGNATURE_INVALID);
  }

  @Test
  void upload_secondWithOtherContentUnderOneContext_rejectedAndFirstStays() {
    at(ToSite.SharesFor.class);
    FromSite.UploadCommit commit = scenario.message(FromSite.UploadCommit.class);
    scenario.receive(commit);

    List<AggregationEffect> effects =
        scenario.receive(upload(TestConsortium.hash("other"), 1, 11, commit.tag0()));

    assertThat(effects)
        .singleElement()
        .isInstanceOfSatisfying(
            AggregationEffect.Reject.class,
            reject -> assertThat(reject.reason()).isEqualTo(DropReason.DIFFERENT_REPEAT));
    assertThat(((AggregationState.Confirming) scenario.state()).survivors().survivors())
        .anyMatch(survivor -> survivor.root().equals(commit.root()));
  }

  @Test
  void confirmation_signatureAltered_leftOut() {
    at(ToSite.Survivors.class);
    FromSite.Confirmation confirmation = scenario.message(FromSite.Confirmation.class);

    assertLeftOut(
        new FromSite.Confirmation(
            confirmation.statement(), Forgery.flipped(confirmation.signature(), 0)),
        DropReason.SIGNATURE_INVALID);
  }

  @Test
  void release_otherSelfMaskThanCommittedTo_leftOut() {
    at(ToSite.Quorum.class);
    FromSite.Release release = scenario.message(FromSite.Release.class);

    assertReleaseLeftOut(
        Forgery.flipped(release.selfMask(), 0), release.shares(), DropReason.SHARE_INVALID);
  }

  @Test
  void release_otherShareThanWasDealt_locatedAndSumStillExact() {
    at(ToSite.Quorum.class);
    FromSite.Release release = scenario.message(FromSite.Release.class);
    List<FromSite.ReleasedShare> shares =
        Forgery.replacing(
            release.shares(),
            1,
            s ->
                new FromSite.ReleasedShare(s.peerIndex(), s.kind(), Forgery.flipped(s.share(), 0)));

    assertReleaseLeftOut(release.selfMask(), shares, DropReason.SHARE_INVALID);

    AggregationState.Unmasking next = (AggregationState.Unmasking) scenario.state();
    int[] sum = next.unmasker().unmask(0, scenario.federation::readSpool);
    int[] plain = new int[sum.length];
    for (SimulatedSite site : scenario.federation.sites.values()) {
      for (int i = 0; i < plain.length; i++) {
        plain[i] += site.update.get(i);
      }
    }
    assertThat(sum).isEqualTo(plain);
  }

  @Test
  void release_shareNotBelowThePrime_leftOut() {
    at(ToSite.Quorum.class);
    FromSite.Release release = scenario.message(FromSite.Release.class);
    Bytes prime = Bytes.fromHex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
    List<FromSite.ReleasedShare> shares =
        Forgery.replacing(
            release.shares(), 0, s -> new FromSite.ReleasedShare(s.peerIndex(), s.kind(), prime));

    assertReleaseLeftOut(release.selfMask(), shares, DropReason.SHARE_INVALID);
  }

  @Test
  void release_otherKindOrIndexOrCount_leftOut() {
    at(ToSite.Quorum.class);
    FromSite.Release release = scenario.message(FromSite.Release.class);
    assertReleaseLeftOut(
        release.selfMask(),
        Forgery.replacing(
            release.shares(),
            0,
            s -> new FromSite.ReleasedShare(s.peerIndex(), FromSite.ShareKind.MASK_KEY, s.share())),
        DropReason.WRONG_SET);

    at(ToSite.Quorum.class);
    assertReleaseLeftOut(
        release.selfMask(), Forgery.swapping(release.shares(), 0), DropReason.WRONG_SET);

    at(ToSite.Quorum.class);
    assertReleaseLeftOut(
        release.selfMask(), Forgery.without(release.shares(), 0), DropReason.WRONG_SET);
  }

  @Test
  void release_signatureOnAnotherStatement_leftOut() {
    at(ToSite.Quorum.class);
    FromSite.Release release = scenario.message(FromSite.Release.class);
    Bytes signature =
        SignedContent.release(TestConsortium.hash("another"), release.selfMask(), release.shares())
            .signedBy(key, scenario.state().context());

    assertLeftOut(
        new FromSite.Release(release.selfMask(), release.shares(), signature),
        DropReason.SIGNATURE_INVALID);
  }

  @Test
  void start_rosterOrAttemptAgainstTheManifest_ourBug() {
    TestConsortium consortium = scenario.federation.consortium;
    AggregationMachine machine = scenario.federation.machine;
    List<RosterEntry> roster = consortium.roster();
    Hash model = TestConsortium.MODEL;

    assertThatThrownBy(
            () -> machine.start(TestConsortium.attempt(7, 0), model, Forgery.shortened(roster, 2)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> machine.start(TestConsortium.attempt(7, 0), model, Forgery.swapping(roster, 0)))
        .isInstanceOf(IllegalArgumentException.class);
    for (AttemptId none :
        List.of(TestConsortium.attempt(7, 4), TestConsortium.attempt(21, 0), otherJob())) {
      assertThatThrownBy(() -> machine.start(none, model, roster))
          .isInstanceOf(IllegalArgumentException.class);
    }
    AggregationStep last = machine.start(TestConsortium.attempt(20, 3), model, roster);
    assertThat(last.next()).isInstanceOf(AggregationState.Advertising.class);
  }

  private static AttemptId otherJob() {
    return new AttemptId(new RoundId(new JobId("other"), 7), 0);
  }

  @Test
  void constructor_keyThatManifestDoesNotPin_ourBug() {
    TestConsortium consortium = scenario.federation.consortium;

    assertThatThrownBy(
            () -> new AggregationMachine(consortium.manifest(), TestConsortium.PLAN_HASH, key))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(X25519Key.SIZE_BYTES).isEqualTo(32);
  }

  private void at(Class<? extends ToSite> heldBack) {
    scenario = CoordinatorScenario.awaitingAnswerTo(heldBack);
  }

  private FromSite.UploadCommit upload(Hash root, long chunks, long length, long tag0) {
    FromSite.UploadCommit honest = scenario.message(FromSite.UploadCommit.class);
    Hash dealers =
        scenario.state() instanceof AggregationState.Uploading uploading
            ? uploading.dealers().hash()
            : TestConsortium.hash("no matter");
    Bytes signature =
        SignedContent.upload(dealers, length, root, tag0, honest.tag1())
            .signedBy(key, scenario.state().context());
    return new FromSite.UploadCommit(root, chunks, length, tag0, honest.tag1(), signature);
  }

  private void assertReleaseLeftOut(
      Bytes selfMask, List<FromSite.ReleasedShare> shares, DropReason reason) {
    Hash statement = ((AggregationState.Releasing) scenario.state()).agreement().statement();
    Bytes signature =
        SignedContent.release(statement, selfMask, shares)
            .signedBy(key, scenario.state().context());
    assertLeftOut(new FromSite.Release(selfMask, shares, signature), reason);
  }

  private void assertLeftOut(FromSite forged, DropReason reason) {
    List<AggregationEffect> effects = scenario.receive(forged);

    assertThat(effects.get(0))
        .isInstanceOfSatisfying(
            AggregationEffect.Reject.class,
            reject -> assertThat(reject.reason()).isEqualTo(reason));
    assertThat(effects.get(1))
        .isInstanceOfSatisfying(
            AggregationEffect.Drop.class,
            drop -> {
              assertThat(drop.site()).isEqualTo(scenario.straggler);
              assertThat(drop.reason()).isEqualTo(reason);
            });
    assertThat(scenario.state().present()).doesNotContain(scenario.straggler);
    assertThat(scenario.state()).isNotInstanceOf(AggregationState.Aborted.class);
  }
}
