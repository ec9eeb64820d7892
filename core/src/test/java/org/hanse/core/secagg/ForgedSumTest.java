package org.hanse.core.secagg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.hanse.core.crypto.Mersenne61;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.coordinator.AggregationState;
import org.hanse.core.secagg.site.SiteEffect;
import org.hanse.core.secagg.site.SiteScenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A coordinator that publishes another sum, and a site that spoils it: every site notices. */
class ForgedSumTest {
  private ProtocolFederation federation = new ProtocolFederation(TestConsortium.of(5, 1), 1);

  @ParameterizedTest
  @EnumSource(Suite.class)
  void verify_oneCoordinateAltered_refused(Suite suite) {
    federation = federation(suite);
    federation.publishedSum = sum -> sum.with(3, sum.get(3) + 1);

    assertEverybodyRefuses(SiteRefusal.RESULT_FORGED);
  }

  @ParameterizedTest
  @EnumSource(Suite.class)
  void verify_weightAltered_refused(Suite suite) {
    federation = federation(suite);
    federation.publishedSum = sum -> sum.with(8, sum.get(8) - 1);

    assertEverybodyRefuses(SiteRefusal.RESULT_FORGED);
  }

  @ParameterizedTest
  @EnumSource(Suite.class)
  void verify_signFlipped_refused(Suite suite) {
    federation = federation(suite);
    federation.publishedSum = sum -> map(sum, -1);

    assertEverybodyRefuses(SiteRefusal.RESULT_FORGED);
  }

  @ParameterizedTest
  @EnumSource(Suite.class)
  void verify_scaledByTwo_refused(Suite suite) {
    federation = federation(suite);
    federation.publishedSum = sum -> map(sum, 2);

    assertEverybodyRefuses(SiteRefusal.RESULT_FORGED);
  }

  @Test
  void verify_olderSum_refused() {
    IntVector older = new ProtocolFederation(TestConsortium.of(5, 1), 2).run().sum;
    federation.publishedSum = sum -> older;

    assertEverybodyRefuses(SiteRefusal.RESULT_FORGED);
  }

  @Test
  void verify_oneSiteLeftOut_refused() {
    IntVector left = federation.site(3).update;
    federation.publishedSum = sum -> sum.plus(map(left, -1));

    assertEverybodyRefuses(SiteRefusal.RESULT_FORGED);
  }

  @Test
  void verify_sumCutShort_refused() {
    federation.publishedSum = sum -> new IntVector(Arrays.copyOf(sum.elements(), sum.size() - 1));

    assertEverybodyRefuses(SiteRefusal.RESULT_FORGED);
  }

  @Test
  void verify_otherBytesThanTheSignedRoot_refused() {
    SiteScenario scenario = SiteScenario.before(ToSite.Result.class);
    SiteEffect.CheckResult check =
        (SiteEffect.CheckResult) scenario.receiveNext(ToSite.Result.class).getFirst();
    IntVector honest = scenario.federation.sum;

    assertThat(check.verifier().verify(honest)).isEmpty();
    assertThat(check.verifier().verify(honest.with(0, honest.get(0) ^ 1)))
        .contains(SiteRefusal.RESULT_FORGED);
  }

  @Test
  void verify_oneSitesFalseTag_refusedByAll() {
    Fingerprint liar = federation.site(3).name();
    federation.tamper =
        (site, message) ->
            site.name().equals(liar) && message instanceof FromSite.UploadCommit commit
                ? falseTag(site, commit)
                : message;

    federation.run();

    // The liar itself sees its own tag altered; the four others find the sum wrong.
    assertThat(federation.aborted()).contains(AbortReason.RESULT_REFUSED);
    assertThat(federation.sum.hasElements(federation.plainSum())).isTrue();
  }

  private FromSite.UploadCommit falseTag(SimulatedSite site, FromSite.UploadCommit commit) {
    AggregationState.Uploading state = (AggregationState.Uploading) federation.state;
    long tag0 = Mersenne61.add(commit.tag0(), 1);
    return new FromSite.UploadCommit(
        commit.root(),
        commit.chunkCount(),
        commit.lengthElements(),
        tag0,
        commit.tag1(),
        SignedContent.upload(
                state.dealers().hash(), commit.lengthElements(), commit.root(), tag0, commit.tag1())
            .signedBy(site.identity, state.context()));
  }

  @ParameterizedTest
  @EnumSource(Suite.class)
  void verify_oneSiteSendsRandomRingElements_implausible(Suite suite) {
    federation = federation(suite);
    SimulatedSite spoiler = federation.site(3);
    Random random = new Random(3);
    federation.sentUpdates.put(
        spoiler.name(), spoiler.update.plus(spoiler.update.map(_ -> random.nextInt())));

    assertEverybodyRefuses(SiteRefusal.RESULT_IMPLAUSIBLE);
  }

  @ParameterizedTest
  @EnumSource(Suite.class)
  void verify_everybodyAtTheRingBound_sumDoesNotWrap(Suite suite) {
    int bound = UpdateEncoding.of(federation(suite).consortium.manifest()).ringBound();
    for (int sign : new int[] {1, -1}) {
      federation = federation(suite);
      federation.sites.forEach(
          (name, site) -> federation.sentUpdates.put(name, site.update.map(_ -> sign * bound)));

      federation.run();

      assertThat(federation.sum.elements()).hasSize(11).containsOnly(5 * sign * bound);
    }
  }

  private static ProtocolFederation federation(Suite suite) {
    return new ProtocolFederation(TestConsortium.of(TestConsortium.Shape.of(5, 1).suite(suite)), 1);
  }

  private static IntVector map(IntVector vector, int factor) {
    return vector.map(element -> element * factor);
  }

  private void assertEverybodyRefuses(SiteRefusal reason) {
    federation.run();

    assertThat(federation.aborted()).contains(AbortReason.RESULT_REFUSED);
    assertThat(federation.sites.values())
        .allSatisfy(site -> assertThat(site.refusal()).contains(reason));
  }
}
