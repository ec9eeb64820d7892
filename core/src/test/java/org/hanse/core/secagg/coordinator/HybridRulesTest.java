package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.Commitments;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.Forgery;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SimulatedSite;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;

/** What a coordinator refuses of ML-KEM keys and encapsulations, each rightly signed. */
class HybridRulesTest {
  private static final int SIZE_BYTES = 1088;

  /** Sites are ascending, so the straggler is the lower one towards its last two boxes. */
  private static final int TO_LOWER = 0;

  private static final int TO_HIGHER = 3;

  @Test
  void advertisement_kemKeyMissingInAHybridSuite_leftOut() {
    assertLeavesKeys(Suite.FLSA1_HYBRID, key -> AgreementPublicKey.classical(key.x25519()));
  }

  @Test
  void advertisement_kemKeyInAClassicalSuite_leftOut() {
    Optional<Bytes> kemKey = Optional.of(Bytes.of(new byte[1184]));
    assertLeavesKeys(Suite.FLSA1, key -> new AgreementPublicKey(key.x25519(), kemKey));
  }

  @Test
  void advertisement_kemKeyNotReduced_leftOut() {
    assertLeavesKeys(Suite.FLSA1_HYBRID, Forgery::withUnreducedMlKem);
  }

  @Test
  void advertisement_kemKeyOfAnotherSite_leftOut() {
    CoordinatorScenario scenario = scenario(ToSite.RoundStart.class, Suite.FLSA1_HYBRID);
    Optional<Bytes> copied = scenario.firstAdvertisement().channelKey().mlKem();
    assertLeavesKeys(Suite.FLSA1_HYBRID, key -> new AgreementPublicKey(key.x25519(), copied));
  }

  @Test
  void advertisement_honestHybridKeys_taken() {
    CoordinatorScenario scenario = scenario(ToSite.RoundStart.class, Suite.FLSA1_HYBRID);
    List<AggregationEffect> effects =
        scenario.receive(scenario.message(FromSite.Advertisement.class));
    assertThat(effects).doesNotHaveAnyElementsOfTypes(AggregationEffect.Drop.class);
    assertThat(scenario.state()).isInstanceOf(AggregationState.Sharing.class);
  }

  @Test
  void shares_encapsulationsOfAnotherSuite_leftOut() {
    Optional<Bytes> any = Optional.of(Bytes.of(new byte[SIZE_BYTES]));
    assertLeavesShares(Suite.FLSA1, TO_HIGHER, e -> with(e, any, Optional.empty()));
    assertLeavesShares(Suite.FLSA1, TO_HIGHER, e -> with(e, Optional.empty(), any));
    assertLeavesShares(
        Suite.FLSA1_HYBRID, TO_HIGHER, e -> with(e, Optional.empty(), e.maskEncapsulation()));
    assertLeavesShares(
        Suite.FLSA1_HYBRID, TO_HIGHER, e -> with(e, e.channelEncapsulation(), Optional.empty()));
    assertLeavesShares(Suite.FLSA1_HYBRID, TO_LOWER, e -> with(e, e.channelEncapsulation(), any));
  }

  @Test
  void shares_encapsulationsOfAnotherLength_leftOut() {
    for (int size : new int[] {SIZE_BYTES - 1, SIZE_BYTES + 1}) {
      Optional<Bytes> wrong = Optional.of(Bytes.of(new byte[size]));
      assertLeavesShares(Suite.FLSA1_HYBRID, TO_HIGHER, e -> with(e, wrong, e.maskEncapsulation()));
      assertLeavesShares(
          Suite.FLSA1_HYBRID, TO_HIGHER, e -> with(e, e.channelEncapsulation(), wrong));
    }
  }

  private static FromSite.ShareEntry with(
      FromSite.ShareEntry entry, Optional<Bytes> channel, Optional<Bytes> mask) {
    return Forgery.withEncapsulations(entry, channel, mask);
  }

  /** Either key changed, under a signature that holds. */
  private static void assertLeavesKeys(Suite suite, UnaryOperator<AgreementPublicKey> change) {
    for (boolean channel : new boolean[] {true, false}) {
      CoordinatorScenario scenario = scenario(ToSite.RoundStart.class, suite);
      FromSite.Advertisement ad = scenario.message(FromSite.Advertisement.class);
      FromSite.Advertisement forged =
          Forgery.signed(
              ad,
              channel ? change.apply(ad.channelKey()) : ad.channelKey(),
              channel ? ad.maskKey() : change.apply(ad.maskKey()),
              straggler(scenario).identity,
              scenario.state().context());
      assertDropped(scenario.receive(forged), DropReason.KEY_INVALID);
    }
  }

  private static void assertLeavesShares(
      Suite suite, int box, UnaryOperator<FromSite.ShareEntry> change) {
    CoordinatorScenario scenario = scenario(ToSite.Roster.class, suite);
    FromSite.Shares honest = scenario.message(FromSite.Shares.class);
    List<FromSite.ShareEntry> entries = Forgery.replacing(honest.entries(), box, change);
    Hash context = scenario.state().context();
    Fingerprint dealer = scenario.straggler;
    Hash root = Commitments.entryRoot(context, dealer, entries);
    FromSite.Shares forged =
        new FromSite.Shares(
            honest.rosterHash(),
            entries,
            root,
            SignedContent.shares(honest.rosterHash(), root)
                .signedBy(straggler(scenario).identity, context));
    assertDropped(scenario.receive(forged), DropReason.WRONG_LENGTH);
  }

  private static void assertDropped(List<AggregationEffect> effects, DropReason reason) {
    assertThat(effects)
        .filteredOn(AggregationEffect.Drop.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            AggregationEffect.Drop.class, drop -> assertThat(drop.reason()).isEqualTo(reason));
  }

  private static SimulatedSite straggler(CoordinatorScenario scenario) {
    return scenario.federation.site(CoordinatorScenario.STRAGGLER);
  }

  private static CoordinatorScenario scenario(Class<? extends ToSite> heldBack, Suite suite) {
    return CoordinatorScenario.awaitingAnswerTo(heldBack, suite);
  }
}
