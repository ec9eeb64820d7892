package org.hanse.client.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import org.hanse.client.agent.TestJob;
import org.hanse.client.policy.PolicyDecision.Allowed;
import org.hanse.client.policy.PolicyDecision.Reason;
import org.hanse.client.policy.PolicyDecision.Refused;
import org.hanse.client.policy.PolicyDecision.Rule;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.Suite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyGateTest {
  private static final TestJob JOB = TestJob.ofDefaults();
  private static final PlannedJob PLANNED = JOB.planned();
  private static final Set<Hash> APPROVED = Set.of(PLANNED.planHash());
  private static final SitePolicy POLICY =
      new SitePolicy(4, 10, Set.of(), false, Set.of(), APPROVED);
  private static final SiteIdentity SELF = identity(0);

  private static SiteIdentity identity(int site) {
    return new SiteIdentity(TestJob.site(site), JOB.key(site).fingerprint());
  }

  private static PolicyGate gate(SitePolicy policy) {
    return new PolicyGate(SELF, policy, Set.of(TestJob.CONTRACT));
  }

  private static RoundId round(long number) {
    return new RoundId(TestJob.ID, number);
  }

  private static void assertRefused(PolicyDecision decision, Rule rule) {
    assertThat(decision)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.reasons()).extracting(Reason::rule).contains(rule));
  }

  @Test
  void decide_everythingAllowed_allowed() {
    assertThat(gate(POLICY).decide(TestJob.ID, PLANNED)).isEqualTo(new Allowed());
    assertThat(gate(POLICY).decide(round(3), PLANNED)).isEqualTo(new Allowed());
  }

  @Test
  void decide_manifestNotApproved_refusedForThatAlone() {
    PolicyDecision decision =
        gate(new SitePolicy(4, 10, Set.of(), false, Set.of(), Set.of())).decide(round(1), PLANNED);
    assertThat(decision)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.onlyApprovalMissing()).isTrue());
  }

  @Test
  void decide_oneParameterOfTheApprovedManifestChanged_isNotApproved() {
    PlannedJob changed = new TestJob(TestJob.Options.DEFAULT.clipNorm(9.99)).planned();
    assertRefused(gate(POLICY).decide(round(1), changed), Rule.NOT_APPROVED);
  }

  @Test
  void decide_manifestOfAnotherJob_refused() {
    assertRefused(gate(POLICY).decide(new JobId("job-2"), PLANNED), Rule.OTHER_JOB);
  }

  @Test
  void decide_siteNotListed_refused() {
    SiteIdentity stranger = new SiteIdentity(TestJob.site(9), SELF.signingKey());
    PolicyGate gate = new PolicyGate(stranger, POLICY, Set.of(TestJob.CONTRACT));
    assertRefused(gate.decide(round(1), PLANNED), Rule.NOT_A_MEMBER);
  }

  @Test
  void decide_siteListedWithAnotherKey_refused() {
    SiteIdentity rekeyed = new SiteIdentity(SELF.site(), JOB.key(1).fingerprint());
    PolicyGate gate = new PolicyGate(rekeyed, POLICY, Set.of(TestJob.CONTRACT));
    assertRefused(gate.decide(round(1), PLANNED), Rule.OTHER_SIGNING_KEY);
  }

  @Test
  void decide_guaranteedCohortBelowFloor_refused() {
    int guaranteed = PLANNED.manifest().aggregation().cohort().minimumSurvivors();
    assertThat(gate(withCohort(guaranteed)).decide(round(1), PLANNED)).isEqualTo(new Allowed());
    assertRefused(
        gate(withCohort(guaranteed + 1)).decide(round(1), PLANNED), Rule.COHORT_BELOW_FLOOR);
  }

  private static SitePolicy withCohort(int minimum) {
    return new SitePolicy(minimum, 10, Set.of(), false, Set.of(), APPROVED);
  }

  @Test
  void decide_requiredPeerIsNoMember_refused() {
    Fingerprint stranger = Fingerprint.of(new byte[Fingerprint.SIZE_BYTES]);
    assertRefused(
        gate(new SitePolicy(4, 10, Set.of(stranger), false, Set.of(), APPROVED))
            .decide(round(1), PLANNED),
        Rule.REQUIRED_PEER_MISSING);
    Fingerprint member = JOB.key(2).fingerprint();
    assertThat(
            gate(new SitePolicy(4, 10, Set.of(member), false, Set.of(), APPROVED))
                .decide(round(1), PLANNED))
        .isEqualTo(new Allowed());
  }

  @Test
  void decide_clipNormAboveMaximum_refused() {
    assertRefused(
        gate(new SitePolicy(4, Math.nextDown(10.0), Set.of(), false, Set.of(), APPROVED))
            .decide(round(1), PLANNED),
        Rule.CLIP_NORM_TOO_LARGE);
  }

  @Test
  void decide_plainSums_refusedUnlessAllowed() {
    PlannedJob plain = new TestJob(TestJob.Options.DEFAULT.suite(Suite.PLAIN)).planned();
    Set<Hash> approved = Set.of(plain.planHash());
    assertRefused(
        gate(new SitePolicy(4, 10, Set.of(), false, Set.of(), approved)).decide(round(1), plain),
        Rule.PLAIN_SUM);
    assertThat(
            gate(new SitePolicy(4, 10, Set.of(), true, Set.of(), approved)).decide(round(1), plain))
        .isEqualTo(new Allowed());
  }

  @Test
  void decide_noDatasetForTheContract_refused() {
    assertRefused(
        new PolicyGate(SELF, POLICY, Set.of("other")).decide(round(1), PLANNED), Rule.NO_DATASET);
  }

  @Test
  void decide_roundBeyondThePlan_refused() {
    assertRefused(gate(POLICY).decide(round(4), PLANNED), Rule.BEYOND_PLANNED_ROUNDS);
  }

  @Test
  void decide_roundToSitOut_refusedOnlyInThatRound() {
    PolicyGate gate = gate(new SitePolicy(4, 10, Set.of(), false, Set.of(2L), APPROVED));
    assertRefused(gate.decide(round(2), PLANNED), Rule.SITS_OUT);
    assertThat(gate.decide(round(3), PLANNED)).isEqualTo(new Allowed());
  }

  @Test
  void decide_severalRulesBroken_namesThemAll() {
    PolicyDecision decision =
        new PolicyGate(SELF, new SitePolicy(5, 1, Set.of(), false, Set.of(1L), Set.of()), Set.of())
            .decide(round(1), PLANNED);
    assertThat(decision)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.reasons())
                  .extracting(Reason::rule)
                  .containsExactly(
                      Rule.NOT_APPROVED,
                      Rule.COHORT_BELOW_FLOOR,
                      Rule.CLIP_NORM_TOO_LARGE,
                      Rule.NO_DATASET,
                      Rule.SITS_OUT);
              assertThat(refused.onlyApprovalMissing()).isFalse();
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 257})
  void sitePolicy_cohortOutOfRange_isRefused(int minimum) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SitePolicy(minimum, 1, Set.of(), false, Set.of(), Set.of()));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void sitePolicy_clipNormNotPositiveAndFinite_isRefused(double clipNorm) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SitePolicy(2, clipNorm, Set.of(), false, Set.of(), Set.of()));
  }
}
