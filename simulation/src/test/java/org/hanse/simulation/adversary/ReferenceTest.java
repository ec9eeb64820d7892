package org.hanse.simulation.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Suite;
import org.hanse.simulation.adversary.Federation.Dropout;
import org.hanse.simulation.adversary.TestConsortium.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A small round computed twice: uploads, tags, released shares and the sum agree bit for bit. */
class ReferenceTest {

  @ParameterizedTest
  @CsvSource({"1, FLSA1", "2, FLSA1_HYBRID", "3, FLSA1_Z16", "4, FLSA1_HYBRID_Z16"})
  void round_withDropouts_agreesBitForBit(long seed, Suite suite) {
    assertAgreement(
        new NaiveRound(
            new Federation(TestConsortium.of(new Shape(7, 2).suite(suite)), seed)
                .drop(1, Dropout.AFTER_SHARES)
                .drop(5, Dropout.AFTER_COMMIT)));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
  void round_ofEverybody_agreesBitForBit(Suite suite) {
    TestConsortium consortium = TestConsortium.of(new Shape(4, 1).suite(suite));
    assertAgreement(new NaiveRound(new Federation(consortium, 3)));
  }

  private static void assertAgreement(NaiveRound round) {
    Federation federation = round.federation;
    assertThat(federation.published()).isTrue();
    assertThat(round.commits.names()).hasSizeGreaterThanOrEqualTo(4);
    for (Fingerprint site : round.commits.names()) {
      byte[] scalar =
          NaiveSite.scalar(
              federation.state().context(), round.secrets.get(site).maskSecret(), round.isHybrid());
      assertThat(Reference.publicKey(scalar))
          .isEqualTo(round.keys.get(site).maskKey().x25519().toByteArray());
      assertThat(
              RingVector.ofBytes(
                  federation.consortium.ring(), federation.spool(NaiveRound.ATTEMPT).get(site)))
          .isEqualTo(round.upload(site));
      assertThat(round.commits.get(site).tag0()).isEqualTo(round.tag(site, 0).longValueExact());
      assertThat(round.commits.get(site).tag1()).isEqualTo(round.tag(site, 1).longValueExact());
    }
    for (Fingerprint holder : round.releases.names()) {
      assertThat(round.releases.get(holder).shares())
          .extracting(share -> share.share().toByteArray())
          .containsExactlyElementsOf(round.shares(holder));
    }
    assertThat(federation.sum()).isEqualTo(round.unmasked());
    assertThat(round.results.getFirst().tag0()).isEqualTo(round.unmaskedTag(0).longValueExact());
    assertThat(round.results.getFirst().tag1()).isEqualTo(round.unmaskedTag(1).longValueExact());
  }
}
