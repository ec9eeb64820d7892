package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.Forgery;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;
import org.junit.jupiter.api.Test;

/** What a site checks of M8 before it releases anything. */
class SiteQuorumRulesTest {
  private static final int PEER = 4;
  private final SiteScenario scenario = SiteScenario.before(ToSite.Quorum.class);
  private final List<ToSite.Endorsement> endorsements =
      scenario.message(ToSite.Quorum.class).endorsements();

  @Test
  void quorum_exactlyThreshold_releases() {
    // N = 5, c = 1: t = 4.
    scenario.site.receive(new ToSite.Quorum(Forgery.shortened(endorsements, 1)));

    assertThat(scenario.site.state).isInstanceOf(SiteState.Released.class);
  }

  @Test
  void quorum_oneBelowThreshold_refused() {
    assertRefuses(Forgery.shortened(endorsements, 2));
  }

  @Test
  void quorum_signerCountedTwice_refused() {
    assertRefuses(Forgery.repeating(Forgery.shortened(endorsements, 2), 0));
  }

  @Test
  void quorum_signerOutsideSurvivors_refused() {
    SiteScenario smaller = SiteScenario.before(ToSite.Survivors.class);
    ToSite.Survivors all = smaller.message(ToSite.Survivors.class);
    smaller.site.receive(new ToSite.Survivors(Forgery.shortened(all.survivors(), 1)));
    Hash statement = ((SiteState.Confirmed) smaller.site.state).statement();
    List<ToSite.Endorsement> withOutsider =
        endorsements.stream()
            .map(e ->
                new ToSite.Endorsement(
                    e.site(),
                    statement,
                    SignedContent.statement(statement)
                        .signedBy(smaller.key(e.site()), smaller.context())))
            .toList();

    smaller.assertRefuses(new ToSite.Quorum(withOutsider), SiteRefusal.QUORUM_INVALID);
  }

  @Test
  void quorum_signerIsNoMember_refused() {
    SigningKey stranger = TestConsortium.signingKey("stranger");
    Hash statement = endorsements.getFirst().statement();
    ToSite.Endorsement foreign =
        new ToSite.Endorsement(
            stranger.fingerprint(),
            statement,
            SignedContent.statement(statement).signedBy(stranger, scenario.context()));

    assertRefuses(
        Stream.concat(endorsements.stream(), Stream.of(foreign))
            .sorted(Comparator.comparing(ToSite.Endorsement::site))
            .toList());
  }

  @Test
  void quorum_signatureOnAnotherStatement_refused() {
    Hash other = TestConsortium.hash("another statement");

    assertRefuses(
        PEER,
        e ->
            new ToSite.Endorsement(
                e.site(),
                other,
                SignedContent.statement(other)
                    .signedBy(scenario.key(e.site()), scenario.context())));
  }

  @Test
  void quorum_ownStatementSignedButAnotherNamed_refused() {
    assertRefuses(
        PEER,
        e ->
            new ToSite.Endorsement(
                e.site(), TestConsortium.hash("another statement"), e.signature()));
  }

  @Test
  void quorum_signatureUnderAnotherContext_refused() {
    assertRefuses(
        PEER,
        e ->
            new ToSite.Endorsement(
                e.site(),
                e.statement(),
                SignedContent.statement(e.statement())
                    .signedBy(scenario.key(e.site()), TestConsortium.hash("attempt 1"))));
  }

  @Test
  void quorum_signatureAltered_refused() {
    assertRefuses(
        PEER,
        e -> new ToSite.Endorsement(e.site(), e.statement(), Forgery.flipped(e.signature(), 63)));
  }

  @Test
  void quorum_withoutOwnSignature_refused() {
    assertRefuses(Forgery.without(endorsements, SiteScenario.SITE));
  }

  @Test
  void quorum_notAscending_refused() {
    assertRefuses(Forgery.swapping(endorsements, 3));
  }

  private void assertRefuses(int index, UnaryOperator<ToSite.Endorsement> change) {
    assertRefuses(Forgery.replacing(endorsements, index, change));
  }

  private void assertRefuses(List<ToSite.Endorsement> forged) {
    scenario.assertRefuses(new ToSite.Quorum(forged), SiteRefusal.QUORUM_INVALID);
    assertThat(scenario.sent()).doesNotHaveAnyElementsOfTypes(FromSite.Release.class);
    assertThat(scenario.site.history().released(TestConsortium.attempt(7, 0).round())).isFalse();
  }
}
