package org.hanse.core.secagg;

import org.hanse.core.crypto.Mersenne61;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.Hash;
import org.junit.jupiter.api.Test;

/** What a site checks of M10 before it fetches the sum. */
class SiteResultRulesTest {
  private final SiteScenario scenario = SiteScenario.before(ToSite.Result.class);
  private final ToSite.Result honest = scenario.message(ToSite.Result.class);
  private final SigningKey coordinator = scenario.federation.consortium.coordinator();

  @Test
  void result_signedInTheCoordinatorsNameByAnotherKey_refused() {
    SigningKey stranger = TestConsortium.signingKey("stranger");
    byte[] message =
        SignedContent.result(honest.statement(), honest.resultRoot(), honest.tag0(), honest.tag1())
            .message(scenario.context(), coordinator.fingerprint());

    assertRefuses(
        new ToSite.Result(
            honest.statement(),
            honest.resultRoot(),
            honest.tag0(),
            honest.tag1(),
            stranger.publicKey(),
            stranger.sign(message)));
  }

  @Test
  void result_coordinatorsKeyWithAnothersSignature_refused() {
    ToSite.Result foreign =
        signed(
            TestConsortium.signingKey("stranger"),
            honest.statement(),
            honest.resultRoot(),
            honest.tag0());
    assertRefuses(
        new ToSite.Result(
            foreign.statement(),
            foreign.resultRoot(),
            foreign.tag0(),
            foreign.tag1(),
            coordinator.publicKey(),
            foreign.signature()));
  }

  @Test
  void result_ofAnotherStatement_refused() {
    assertRefuses(
        signed(
            coordinator,
            TestConsortium.hash("another statement"),
            honest.resultRoot(),
            honest.tag0()));
  }

  @Test
  void result_rootAltered_refused() {
    assertRefuses(
        new ToSite.Result(
            honest.statement(),
            Forgery.flipped(honest.resultRoot()),
            honest.tag0(),
            honest.tag1(),
            honest.coordinatorKey(),
            honest.signature()));
  }

  @Test
  void result_tagOutOfRange_refused() {
    assertRefuses(signed(coordinator, honest.statement(), honest.resultRoot(), Mersenne61.PRIME));
  }

  private ToSite.Result signed(SigningKey key, Hash statement, Hash root, long tag0) {
    return new ToSite.Result(
        statement,
        root,
        tag0,
        honest.tag1(),
        key.publicKey(),
        SignedContent.result(statement, root, tag0, honest.tag1())
            .signedBy(key, scenario.context()));
  }

  private void assertRefuses(ToSite.Result forged) {
    scenario.assertRefuses(forged, SiteRefusal.RESULT_FORGED);
  }
}
