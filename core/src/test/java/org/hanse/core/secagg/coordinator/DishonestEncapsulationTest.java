package org.hanse.core.secagg.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.hanse.core.crypto.MlKemKey;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.Forgery;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ComplaintReason;
import org.hanse.core.secagg.ProtocolFederation;
import org.hanse.core.secagg.ProtocolFederation.Dropout;
import org.hanse.core.secagg.SimulatedSite;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.mask.Encapsulations;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.core.secagg.site.DishonestEncapsulator;
import org.junit.jupiter.api.Test;

/**
 * A site encapsulates to another's mask key what the protocol does not have it encapsulate, or the
 * coordinator shows another ciphertext. N = 5, c = 1; the lower site encapsulates.
 */
class DishonestEncapsulationTest {
  private static final int LOWER = 1;
  private static final int HIGHER = 3;

  private final ProtocolFederation federation =
      new ProtocolFederation(
          TestConsortium.of(TestConsortium.Shape.of(5, 1).suite(Suite.FLSA1_HYBRID)), 1);
  private final Fingerprint lower = federation.site(LOWER).name();
  private final Fingerprint higher = federation.site(HIGHER).name();

  @Test
  void shares_encapsulationOfOtherCoins_convictsTheDropoutThatMadeIt() {
    lie(this::ofOtherCoins);
    federation.dropping(LOWER, Dropout.AFTER_SHARES).run();

    assertThat(federation.aborted()).contains(AbortReason.RECONSTRUCTION_FAILED);
    assertThat(convicted()).containsExactly(lower);
  }

  @Test
  void shares_encapsulationNobodyCouldMake_convictsItsMakerByTheDropoutsSecret() {
    lie(keys -> Bytes.of(new byte[MlKemKey.CIPHERTEXT_BYTES]));
    federation.dropping(HIGHER, Dropout.AFTER_SHARES).run();

    assertThat(federation.aborted()).contains(AbortReason.RECONSTRUCTION_FAILED);
    assertThat(convicted()).containsExactly(lower);
  }

  @Test
  void shares_encapsulationNobodyCouldMake_itsReceiverComplains() {
    lie(keys -> Bytes.of(new byte[MlKemKey.CIPHERTEXT_BYTES]));
    federation.run();

    assertThat(federation.aborted()).contains(AbortReason.SHARE_REFUSED);
    assertThat(federation.effects)
        .contains(
            new AggregationEffect.Dispute(higher, lower, ComplaintReason.ENCAPSULATION_INVALID));
  }

  /** As harmful as a random upload, and as little its maker's fault that anybody could prove. */
  @Test
  void shares_encapsulationOfOtherCoinsAndNobodyLeaves_sumIsNoSum() {
    lie(this::ofOtherCoins);
    federation.run();

    assertThat(convicted()).isEmpty();
    assertThat(federation.sum.hasElements(federation.plainSum())).isFalse();
  }

  @Test
  void unmasker_encapsulationMissingForeignOrOfAnotherPair_isNone() {
    Opening opening = opening();
    List<ToSite.Delivery> honest = opening.revelation().encapsulations().entries();
    assertThat(honest).hasSize(4);
    assertThat(unmasks(opening, honest)).isTrue();
    for (int i = 0; i < honest.size(); i++) {
      assertThat(unmasks(opening, Forgery.without(honest, i))).isFalse();
      assertThat(
              unmasks(
                  opening, Forgery.replacing(honest, i, d -> withEncapsulation(d, this::changed))))
          .isFalse();
      assertThat(
              unmasks(
                  opening,
                  Forgery.replacing(
                      honest,
                      i,
                      d -> new ToSite.Delivery(d.dealer(), d.index(), d.entry(), List.of()))))
          .isFalse();
    }
    assertThat(opening.revelation().mismatches(opening.context(), opening.survivors())).isEmpty();
  }

  /** What is not proven is nobody's fault but the coordinator's. */
  @Test
  void mismatches_encapsulationNotProven_namesNobody() {
    Opening opening = opening();
    List<ToSite.Delivery> forged =
        opening.revelation().encapsulations().entries().stream()
            .map(delivery -> withEncapsulation(delivery, this::changed))
            .toList();
    Revelation shown = with(opening, forged);
    assertThat(shown.mismatches(opening.context(), opening.survivors())).isEmpty();
  }

  private Bytes changed(Bytes ciphertext) {
    return Forgery.flipped(ciphertext, 5);
  }

  private static ToSite.Delivery withEncapsulation(
      ToSite.Delivery delivery, Function<Bytes, Bytes> change) {
    return new ToSite.Delivery(
        delivery.dealer(),
        delivery.index(),
        Forgery.withEncapsulations(
            delivery.entry(),
            delivery.entry().channelEncapsulation(),
            delivery.entry().maskEncapsulation().map(change)),
        delivery.path());
  }

  /** Of an honest attempt that {@link #HIGHER} left after dealing. */
  private Opening opening() {
    return Opening.of(federation, HIGHER, Dropout.AFTER_SHARES);
  }

  /** What was opened, shown with other encapsulations. */
  private static Revelation with(Opening opening, List<ToSite.Delivery> entries) {
    SortedMap<Fingerprint, SecretBytes> secrets = new TreeMap<>();
    Revelation honest = opening.revelation();
    honest.sites().forEach(site -> secrets.put(site, honest.of(site)));
    return new Revelation(secrets, new Encapsulations(entries));
  }

  private static boolean unmasks(Opening opening, List<ToSite.Delivery> entries) {
    return with(opening, entries).unmasker(opening.context(), opening.survivors()).isPresent();
  }

  private Bytes ofOtherCoins(Bytes mlKemKey) {
    return MlKemKey.encapsulate(mlKemKey, TestConsortium.secret("other coins")).ciphertext();
  }

  /** {@link #LOWER} puts beside its box for {@link #HIGHER} what this makes of the mask key. */
  private void lie(Function<Bytes, Bytes> encapsulation) {
    federation.tamper =
        (site, message) ->
            site.name().equals(lower) && message instanceof FromSite.Shares honest
                ? DishonestEncapsulator.dealing(
                    site, honest, higher, encapsulation.apply(maskKeyOf(site)))
                : message;
  }

  private Bytes maskKeyOf(SimulatedSite dealer) {
    Optional<FromSite.Advertisement> ad =
        federation.state.progress().answers().find(FromSite.Advertisement.class, higher);
    assertThat(dealer.name()).isLessThan(higher);
    return ad.orElseThrow().maskKey().mlKem().orElseThrow();
  }

  private List<Fingerprint> convicted() {
    return federation.effects.stream()
        .filter(AggregationEffect.Convict.class::isInstance)
        .map(effect -> ((AggregationEffect.Convict) effect).dealer())
        .toList();
  }
}
