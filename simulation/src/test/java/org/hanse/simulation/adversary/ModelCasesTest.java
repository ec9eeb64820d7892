package org.hanse.simulation.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.client.session.ModelTrust;
import org.hanse.client.session.SiteMemory;
import org.hanse.client.session.SiteRecord;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.core.secagg.AdoptionProof.SignedVerdict;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.coordinator.AggregationEffect;
import org.hanse.core.vector.FloatVector;
import org.hanse.wire.value.WorkContent;
import org.junit.jupiter.api.Test;

/** Which model a round starts from and ends with. N = 5, c = 1. */
class ModelCasesTest {
  private final Federation federation = Federation.of(5, 1);
  private final TestConsortium consortium = federation.consortium;

  @Test
  void case28_modelBytesOfAnotherHash_notTheModel() {
    FloatVector model = consortium.initialParameters();
    assertThat(TestConsortium.hashOf(model)).isEqualTo(consortium.initialModel());

    model.set(3, Float.MIN_VALUE);

    assertThat(TestConsortium.hashOf(model)).isNotEqualTo(consortium.initialModel());
  }

  @Test
  void case28_roundOnAnotherModelThanTheSiteTrainedOn_refused() {
    Script script = Script.of(federation);

    script.tell(
        0, new ToSite.RoundStart(script.attempt, TestConsortium.hash("crafted"), script.roster));

    assertThat(federation.site(0).refusals).containsExactly(SiteRefusal.MODEL_MISMATCH);
    federation.finish();
  }

  /** The coordinator announces a model of its own; every site goes on from the one it computed. */
  @Test
  void case28_nextModelIsRecomputed_notTheCoordinatorsWord() {
    federation.run();

    assertThat(federation.sent(FromSite.Verdict.class))
        .hasSize(5)
        .allSatisfy(verdict ->
            assertThat(verdict.nextModelHash())
                .isEqualTo(federation.nextModel(federation.sum()).orElseThrow()));
    Hash computed = federation.nextModel(federation.sum()).orElseThrow();
    SiteMemory memory =
        new SiteMemory(List.of(new SiteRecord.ModelTrusted(TestConsortium.round(1), computed)));
    assertThat(decide(memory, computed, Optional.empty())).isInstanceOf(ModelTrust.Known.class);
    assertThat(decide(memory, TestConsortium.hash("another"), Optional.empty()))
        .isInstanceOf(ModelTrust.Untrusted.class);
  }

  @Test
  void case28_adoptionOnCPlusOneVerdicts_accepted() {
    AdoptionProof proof = proof();

    assertThat(adopt(with(proof, proof.verdicts().subList(0, 2))))
        .isInstanceOf(ModelTrust.Adopted.class);
  }

  @Test
  void case28_adoptionOnCVerdicts_refused() {
    AdoptionProof proof = proof();

    assertThat(adopt(with(proof, proof.verdicts().subList(0, 1))))
        .isInstanceOf(ModelTrust.Untrusted.class);
    assertThat(adopt(with(proof, List.of(proof.verdicts().get(0), proof.verdicts().get(0)))))
        .isInstanceOf(ModelTrust.Untrusted.class);
  }

  @Test
  void case28_adoptionOnVerdictsOfAnotherContext_refused() {
    AdoptionProof proof = proof();
    AdoptionProof elsewhere =
        new AdoptionProof(
            proof.attempt(),
            TestConsortium.hash("another base"),
            proof.roster(),
            proof.resultRoot(),
            proof.nextModelHash(),
            proof.verdicts());

    assertThat(adopt(elsewhere)).isInstanceOf(ModelTrust.Untrusted.class);
  }

  @Test
  void case28_adoptionOnVerdictsOfNonMembers_refused() {
    AdoptionProof proof = proof();
    SigningKey outsider = TestConsortium.signingKey("outsider");
    Bytes signature =
        Script.signature(
            outsider,
            federation.state().context(),
            "verdict",
            new Fields().u8(1).hash(proof.resultRoot()).hash(proof.nextModelHash()));
    List<SignedVerdict> verdicts = new ArrayList<>(proof.verdicts().subList(0, 1));
    verdicts.add(new SignedVerdict(outsider.fingerprint(), outsider.publicKey(), signature));
    verdicts.sort((a, b) -> a.site().compareTo(b.site()));

    assertThat(adopt(with(proof, verdicts))).isInstanceOf(ModelTrust.Untrusted.class);
  }

  @Test
  void case28_cFailVotes_doNotStopTheOthers() {
    federation.collude(4).alterFrom(4, FromSite.Verdict.class, this::against).run();

    assertThat(federation.published()).isTrue();
  }

  @Test
  void case28_cPlusOneFailVotes_endTheAttempt() {
    federation
        .collude(3, 4)
        .alterFrom(3, FromSite.Verdict.class, this::against)
        .alterFrom(4, FromSite.Verdict.class, this::against)
        .run();

    assertThat(federation.aborted()).contains(AbortReason.RESULT_REFUSED);
  }

  private FromSite.Verdict against(FromSite.Verdict verdict) {
    SigningKey key =
        federation.sites.stream()
            .map(site -> site.key)
            .filter(candidate -> isSigner(candidate, verdict))
            .findFirst()
            .orElseThrow();
    Hash none = FromSite.Verdict.NO_MODEL;
    return new FromSite.Verdict(
        false,
        verdict.resultRoot(),
        none,
        Script.signature(
            key,
            federation.state().context(),
            "verdict",
            new Fields().u8(0).hash(verdict.resultRoot()).hash(none)));
  }

  private boolean isSigner(SigningKey key, FromSite.Verdict verdict) {
    Fields fields = new Fields().u8(1).hash(verdict.resultRoot()).hash(verdict.nextModelHash());
    return Script.signature(key, federation.state().context(), "verdict", fields)
        .equals(verdict.signature());
  }

  /** As the coordinator made it of a round of all five. */
  private AdoptionProof proof() {
    federation.run();
    return federation.effects.stream()
        .filter(AggregationEffect.Close.class::isInstance)
        .map(effect -> ((AggregationEffect.Close) effect).proof())
        .findFirst()
        .orElseThrow();
  }

  private static AdoptionProof with(AdoptionProof proof, List<SignedVerdict> verdicts) {
    return new AdoptionProof(
        proof.attempt(),
        proof.baseModelHash(),
        proof.roster(),
        proof.resultRoot(),
        proof.nextModelHash(),
        verdicts);
  }

  /** What a site that knows nothing of round 1 makes of it. */
  private ModelTrust.Decision adopt(AdoptionProof proof) {
    return decide(new SiteMemory(List.of()), proof.nextModelHash(), Optional.of(proof));
  }

  private ModelTrust.Decision decide(
      SiteMemory memory, Hash offered, Optional<AdoptionProof> proof) {
    return new ModelTrust()
        .decide(
            memory,
            consortium.planned(),
            TestConsortium.round(2),
            new WorkContent.Train(consortium.planHash(), offered, proof));
  }
}
