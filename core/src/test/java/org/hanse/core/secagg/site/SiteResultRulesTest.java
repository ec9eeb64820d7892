package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hanse.core.crypto.Mersenne61;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.Forgery;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.ProtocolFederation;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.Secrets;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
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
  void result_ofAnotherStatement_votedAgainst() {
    assertVotesAgainst(
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
  void result_tagOutOfRange_votedAgainst() {
    assertVotesAgainst(
        signed(coordinator, honest.statement(), honest.resultRoot(), Mersenne61.PRIME));
  }

  @Test
  void result_ofAnotherStatementBeforeTheQuorum_votedAgainstWithoutClosingTheRound() {
    SiteScenario confirmed = SiteScenario.before(ToSite.Quorum.class);
    Set<SecretBytes> secrets = Secrets.in(confirmed.site.state);

    List<SiteEffect> effects =
        confirmed.site.receive(
            signed(coordinator, TestConsortium.hash("other"), honest.resultRoot(), honest.tag0()));

    assertThat(((SiteEffect.Send) effects.getFirst()).message())
        .isInstanceOfSatisfying(FromSite.Verdict.class, v -> assertThat(v.ok()).isFalse());
    assertThat(confirmed.site.history().closed(TestConsortium.attempt(7, 0).round())).isFalse();
    assertThat(secrets).isNotEmpty().allMatch(SecretBytes::isErased);
  }

  /** c + 1 such votes end the round with its cause, which withdrawals would not. */
  @Test
  void result_ofAnotherStatementToEverySite_endsTheRoundAsRefused() {
    ProtocolFederation federation = new ProtocolFederation(TestConsortium.of(5, 1), 1);
    federation.relay =
        (to, message) ->
            Optional.of(
                message instanceof ToSite.Result result
                    ? signed(
                        coordinator,
                        TestConsortium.hash("other"),
                        result.resultRoot(),
                        result.tag0())
                    : message);

    federation.run();

    assertThat(federation.aborted()).contains(AbortReason.RESULT_REFUSED);
    assertThat(federation.drops()).isEmpty();
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

  private void assertVotesAgainst(ToSite.Result forged) {
    Set<SecretBytes> secrets = Secrets.in(scenario.site.state);

    List<SiteEffect> effects = scenario.site.receive(forged);

    FromSite.Verdict verdict = (FromSite.Verdict) scenario.sent().getLast();
    assertThat(verdict.ok()).isFalse();
    assertThat(verdict.resultRoot()).isEqualTo(forged.resultRoot());
    assertThat(
            SignedContent.verdict(false, forged.resultRoot(), verdict.nextModelHash())
                .isSignedBy(
                    new RosterEntry(scenario.site.name(), scenario.site.identity.publicKey()),
                    scenario.context(),
                    verdict.signature()))
        .isTrue();
    assertThat(scenario.site.refusal()).contains(SiteRefusal.RESULT_FORGED);
    assertThat(scenario.site.state).isInstanceOf(SiteState.Done.class);
    assertThat(secrets).isNotEmpty().allMatch(SecretBytes::isErased);
    assertThat(effects.getFirst())
        .isEqualTo(
            new SiteEffect.Journal(new JournalEntry.Closed(TestConsortium.attempt(7, 0).round())));
    assertThat(scenario.site.receive(forged)).containsExactly(new SiteEffect.Send(verdict));
  }

  private void assertRefuses(ToSite.Result forged) {
    scenario.assertRefuses(forged, SiteRefusal.RESULT_FORGED);
  }
}
