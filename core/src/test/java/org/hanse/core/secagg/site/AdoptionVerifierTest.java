package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.core.secagg.Contexts;
import org.hanse.core.secagg.Forgery;
import org.hanse.core.secagg.ProtocolFederation;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.coordinator.AggregationEffect;
import org.junit.jupiter.api.Test;

class AdoptionVerifierTest {
  private static final RoundId NEXT_ROUND = new RoundId(TestConsortium.JOB, 8);
  private final ProtocolFederation federation =
      new ProtocolFederation(TestConsortium.of(5, 1), 1).run();
  private final AdoptionProof proof =
      federation.effects.stream()
          .flatMap(effect ->
              effect instanceof AggregationEffect.Close(AdoptionProof closed)
                  ? Optional.of(closed).stream()
                  : Optional.<AdoptionProof>empty().stream())
          .findFirst()
          .orElseThrow();
  private final AdoptionVerifier verifier =
      new AdoptionVerifier(federation.consortium.manifest(), TestConsortium.PLAN_HASH);

  @Test
  void shows_proofOfTheRoundBefore_adopted() {
    assertThat(verifier.shows(proof, NEXT_ROUND)).isTrue();
    assertThat(proof.nextModelHash()).isEqualTo(ProtocolFederation.nextModel(federation.sum));
  }

  @Test
  void shows_oneMoreVerdictThanColluders_adopted() {
    assertThat(verifier.shows(with(proof.verdicts().subList(0, 2)), NEXT_ROUND)).isTrue();
  }

  @Test
  void shows_noMoreVerdictsThanColluders_refused() {
    assertThat(verifier.shows(with(proof.verdicts().subList(0, 1)), NEXT_ROUND)).isFalse();
    assertThat(verifier.shows(with(List.of()), NEXT_ROUND)).isFalse();
  }

  @Test
  void shows_roundsBetweenWereDiscarded_adoptedUpToAsManyAsMayBe() {
    assertThat(verifier.shows(proof, NEXT_ROUND.next())).isTrue();
    assertThat(verifier.shows(proof, NEXT_ROUND.next().next())).isFalse();
  }

  @Test
  void shows_anyOtherRound_refused() {
    for (long round : new long[] {1, 6, 7, 10}) {
      assertThat(verifier.shows(proof, new RoundId(TestConsortium.JOB, round))).isFalse();
    }
    assertThat(verifier.shows(proof, new RoundId(new JobId("other"), 8))).isFalse();
  }

  @Test
  void shows_oneVoterTwice_refused() {
    assertThat(
            verifier.shows(with(Forgery.repeating(proof.verdicts().subList(0, 1), 0)), NEXT_ROUND))
        .isFalse();
  }

  @Test
  void shows_anyFieldAltered_refused() {
    Hash other = TestConsortium.hash("other");
    AttemptId otherAttempt = TestConsortium.attempt(7, 1);
    List<AdoptionProof.SignedVerdict> verdicts = proof.verdicts();
    List<AdoptionProof> forged =
        List.of(
            new AdoptionProof(
                otherAttempt,
                proof.baseModelHash(),
                proof.roster(),
                proof.resultRoot(),
                proof.nextModelHash(),
                verdicts),
            new AdoptionProof(
                proof.attempt(),
                other,
                proof.roster(),
                proof.resultRoot(),
                proof.nextModelHash(),
                verdicts),
            new AdoptionProof(
                proof.attempt(),
                proof.baseModelHash(),
                Forgery.shortened(proof.roster(), 1),
                proof.resultRoot(),
                proof.nextModelHash(),
                verdicts.subList(0, 2)),
            new AdoptionProof(
                proof.attempt(),
                proof.baseModelHash(),
                proof.roster(),
                other,
                proof.nextModelHash(),
                verdicts),
            new AdoptionProof(
                proof.attempt(),
                proof.baseModelHash(),
                proof.roster(),
                proof.resultRoot(),
                other,
                verdicts));

    assertThat(forged).noneMatch(altered -> verifier.shows(altered, NEXT_ROUND));
  }

  @Test
  void shows_underAnotherPlan_refused() {
    AdoptionVerifier other =
        new AdoptionVerifier(
            federation.consortium.manifest(), TestConsortium.hash("another manifest"));

    assertThat(other.shows(proof, NEXT_ROUND)).isFalse();
  }

  @Test
  void shows_votersOutsideTheMembers_refused() {
    SigningKey stranger = TestConsortium.signingKey("stranger");
    List<AdoptionProof.SignedVerdict> forged =
        Forgery.replacing(proof.verdicts(), 1, verdict -> signed(stranger));

    assertThat(
            verifier.shows(
                with(
                    forged.stream()
                        .sorted(Comparator.comparing(AdoptionProof.SignedVerdict::site))
                        .toList()),
                NEXT_ROUND))
        .isFalse();
  }

  @Test
  void shows_membersNameWithAStrangersKey_refused() {
    SigningKey stranger = TestConsortium.signingKey("stranger");
    SignedContent content = SignedContent.verdict(true, proof.resultRoot(), proof.nextModelHash());
    List<AdoptionProof.SignedVerdict> forged =
        Forgery.replacing(
            proof.verdicts(),
            1,
            verdict ->
                new AdoptionProof.SignedVerdict(
                    verdict.site(),
                    stranger.publicKey(),
                    stranger.sign(content.message(federation.state.context(), verdict.site()))));

    assertThat(verifier.shows(with(forged), NEXT_ROUND)).isFalse();
  }

  @Test
  void shows_rosterTooSmallOrUnordered_refused() {
    assertThat(verifier.shows(resignedFor(Forgery.shortened(proof.roster(), 2)), NEXT_ROUND))
        .isFalse();
    assertThat(verifier.shows(resignedFor(Forgery.swapping(proof.roster(), 3)), NEXT_ROUND))
        .isFalse();
    assertThat(verifier.shows(resignedFor(proof.roster()), NEXT_ROUND)).isTrue();
  }

  @Test
  void shows_smallestRosterAllowed_adopted() {
    assertThat(verifier.shows(resignedFor(Forgery.shortened(proof.roster(), 1)), NEXT_ROUND))
        .isTrue();
  }

  @Test
  void shows_rosterWithAnOutsider_refused() {
    Fingerprint stranger = TestConsortium.signingKey("stranger").fingerprint();
    List<Fingerprint> roster =
        Forgery.replacing(proof.roster(), 4, _ -> stranger).stream().sorted().toList();

    assertThat(verifier.shows(resignedFor(roster), NEXT_ROUND)).isFalse();
  }

  /** All members vote, honestly signed, on a result that this roster is said to have had. */
  private AdoptionProof resignedFor(List<Fingerprint> roster) {
    Hash context =
        Contexts.attempt(
            federation.consortium.terms().suite(),
            proof.attempt(),
            proof.baseModelHash(),
            TestConsortium.PLAN_HASH,
            roster);
    List<AdoptionProof.SignedVerdict> verdicts =
        federation.consortium.sites().stream()
            .filter(key -> roster.contains(key.fingerprint()))
            .map(key -> signed(key, context))
            .toList();
    return new AdoptionProof(
        proof.attempt(),
        proof.baseModelHash(),
        roster,
        proof.resultRoot(),
        proof.nextModelHash(),
        verdicts);
  }

  private AdoptionProof.SignedVerdict signed(SigningKey key) {
    return signed(key, federation.state.context());
  }

  private AdoptionProof.SignedVerdict signed(SigningKey key, Hash context) {
    return new AdoptionProof.SignedVerdict(
        key.fingerprint(),
        key.publicKey(),
        SignedContent.verdict(true, proof.resultRoot(), proof.nextModelHash())
            .signedBy(key, context));
  }

  private AdoptionProof with(List<AdoptionProof.SignedVerdict> verdicts) {
    return new AdoptionProof(
        proof.attempt(),
        proof.baseModelHash(),
        proof.roster(),
        proof.resultRoot(),
        proof.nextModelHash(),
        verdicts);
  }
}
