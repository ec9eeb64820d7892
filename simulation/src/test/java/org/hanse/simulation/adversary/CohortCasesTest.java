package org.hanse.simulation.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.hanse.client.policy.PlannedJob;
import org.hanse.client.policy.PolicyDecision;
import org.hanse.client.policy.PolicyDecision.Rule;
import org.hanse.client.policy.PolicyGate;
import org.hanse.client.policy.SiteIdentity;
import org.hanse.client.policy.SitePolicy;
import org.hanse.core.plan.AggregationPlan;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.CohortRules;
import org.hanse.core.plan.EncodingRules;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.site.CohortFloor;
import org.hanse.simulation.adversary.Federation.Dropout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rosters and sets that are too small, and terms nobody agreed on. */
class CohortCasesTest {
  private static final AttemptId FIRST = TestConsortium.attempt(1, 0);
  private static final AttemptId SECOND = TestConsortium.attempt(1, 1);

  @Test
  void case06_rosterBelowTheLeastSurvivors_refused() {
    Federation federation = Federation.of(7, 2);

    Script script = Script.of(federation, 0, 1, 2, 3).start(0);

    assertThat(federation.site(0).refusals).containsExactly(SiteRefusal.COHORT_TOO_SMALL);
    assertThat(script.answers).doesNotHaveAnyElementsOfTypes(FromSite.Advertisement.class);
    federation.finish();
  }

  @Test
  void case06_rosterBelowTheQuorum_refused() {
    Federation federation =
        new Federation(TestConsortium.of(new TestConsortium.Shape(10, 3).quorum(0.9)), 1);

    Script.of(federation, 0, 1, 2, 3, 4, 5, 6, 7).start(0);
    Script.of(federation, 1, 2, 3, 4, 5, 6, 7, 8, 9).start(1);

    assertThat(federation.site(0).refusals).containsExactly(SiteRefusal.COHORT_TOO_SMALL);
    assertThat(federation.site(1).refusals).isEmpty();
    federation.finish();
  }

  @Test
  void case06_rosterBelowTheSitesOwnFloor_refused() {
    Federation federation = Federation.of(7, 2);
    federation.site(0).insistOn(new CohortFloor(7, Set.of()));

    Script.of(federation, 0, 1, 2, 3, 4, 5).start(0);

    assertThat(federation.site(0).refusals).containsExactly(SiteRefusal.COHORT_TOO_SMALL);
    federation.finish();
  }

  @Test
  void case06_survivorsBelowTheSitesOwnFloor_refusedBeforeItSigns() {
    Federation federation = Federation.of(7, 2).drop(6, Dropout.DURING_UPLOAD);
    federation.site(0).insistOn(new CohortFloor(7, Set.of()));

    federation.run();

    assertThat(federation.site(0).refusals).containsExactly(SiteRefusal.COHORT_TOO_SMALL);
    assertThat(federation.sent(FromSite.Confirmation.class)).hasSize(5);
  }

  @Test
  void case06_withoutARequiredPeer_refused() {
    Federation federation = Federation.of(7, 2);
    federation.site(0).insistOn(new CohortFloor(2, Set.of(federation.name(6))));

    Script.of(federation, 0, 1, 2, 3, 4, 5).start(0);

    assertThat(federation.site(0).refusals).containsExactly(SiteRefusal.COHORT_TOO_SMALL);
    federation.finish();
  }

  /** N = 7, c = 2, t = 5: five sites each, with both colluding ones and one honest in common. */
  @Test
  void case06_twoRostersInOneAttempt_oneSumAtMost() {
    Federation federation = Federation.of(7, 2).collude(5, 6);
    Script left = released(federation, FIRST, 0, 1, 2, 5, 6);
    assertThat(left.answers).hasAtLeastOneElementOfType(FromSite.Release.class);

    Script right = new Script(federation, FIRST, federation.consortium.roster(2, 3, 4, 5, 6));
    right.start(2, 3, 4);
    hearTwins(federation, right, 5, 6);
    right.tell(3, right.roster(3, 4, 5, 6));
    right.heard(federation.name(2), left.keysOf(2)); // of the other roster
    right.tell(4, right.roster(2, 3, 4, 5, 6));

    assertThat(federation.site(2).refusals).containsExactly(SiteRefusal.UNEXPECTED_MESSAGE);
    assertThat(federation.site(3).refusals).containsExactly(SiteRefusal.COHORT_TOO_SMALL);
    assertThat(federation.site(4).refusals).containsExactly(SiteRefusal.SIGNATURE_INVALID);
    federation.finish();
  }

  @Test
  void case06_twoRostersInTwoAttempts_oneSumAtMost() {
    Federation federation = Federation.of(7, 2).collude(5, 6);
    released(federation, FIRST, 0, 1, 2, 5, 6);

    Script second = new Script(federation, SECOND, federation.consortium.roster(2, 3, 4, 5, 6));
    second.start(2, 3, 4);
    hearTwins(federation, second, 5, 6);
    second.tell(3, second.roster(3, 4, 5, 6));

    assertThat(federation.site(2).refusals).containsExactly(SiteRefusal.ROUND_ALREADY_RELEASED);
    assertThat(federation.site(3).refusals).containsExactly(SiteRefusal.COHORT_TOO_SMALL);
    federation.finish();
  }

  /** M0 to M9 among these sites, the adversary's own included. */
  private static Script released(Federation federation, AttemptId attempt, int... members) {
    Script script = new Script(federation, attempt, federation.consortium.roster(members));
    script
        .start(members)
        .exchangeKeys(members)
        .exchangeShares(members)
        .showSurvivors(members)
        .showQuorum(members);
    return script;
  }

  /** The adversary's sites forget their journals and join once more. */
  private static void hearTwins(Federation federation, Script script, int... numbers) {
    Federation twins = new Federation(federation.consortium, 2);
    for (int number : numbers) {
      twins
          .site(number)
          .receive(script.start())
          .forEach(reply -> script.heard(federation.name(number), reply));
    }
  }

  /** A lower t, a larger clip norm, no masks. */
  static Stream<AggregationPlan> otherTerms() {
    AggregationPlan plan = TestConsortium.of(5, 1).manifest().aggregation();
    EncodingRules encoding = plan.encoding();
    return Stream.of(
        changed(plan, plan.suite(), new CohortRules(5, 0, 0.6, 2), encoding),
        changed(plan, plan.suite(), plan.cohort(), new EncodingRules(100, 1, 4096, 1)),
        changed(plan, Suite.PLAIN, plan.cohort(), encoding));
  }

  private static AggregationPlan changed(
      AggregationPlan plan, Suite suite, CohortRules cohort, EncodingRules encoding) {
    return new AggregationPlan(
        suite,
        cohort,
        encoding,
        plan.metrics(),
        plan.retries(),
        AggregationPlan.defaultAuditChunks(suite, cohort),
        plan.deadlines());
  }

  @ParameterizedTest
  @MethodSource("otherTerms")
  void case07_otherTermsInTheProtocol_nothingVerifies(AggregationPlan other) {
    TestConsortium agreed = TestConsortium.of(5, 1);

    Federation federation = new Federation(agreed, agreed.under(other), 1).run();

    assertThat(federation.dropped(0)).contains(DropReason.SIGNATURE_INVALID);
    assertThat(federation.aborted()).contains(AbortReason.TOO_FEW_SURVIVORS);
    assertThat(federation.sent(FromSite.Shares.class)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("otherTerms")
  void case07_otherManifest_isNotTheApprovedOne(AggregationPlan other) {
    TestConsortium agreed = TestConsortium.of(5, 1);
    PlannedJob offered = agreed.under(other).planned();
    PolicyGate gate =
        new PolicyGate(
            new SiteIdentity(TestConsortium.siteId(0), agreed.sites().get(0).fingerprint()),
            new SitePolicy(2, 1000, Set.of(), true, Set.of(), Set.of(agreed.planHash())),
            Set.of("table"));

    assertThat(gate.decide(TestConsortium.round(1), agreed.planned()))
        .isInstanceOf(PolicyDecision.Allowed.class);
    assertThat(gate.decide(TestConsortium.round(1), offered))
        .isInstanceOfSatisfying(
            PolicyDecision.Refused.class,
            refused ->
                assertThat(refused.reasons())
                    .extracting(PolicyDecision.Reason::rule)
                    .containsExactly(Rule.NOT_APPROVED));
  }

  @Test
  void case08_tooFewKeys_refused() {
    Federation federation =
        Federation.of(5, 1)
            .alterTo(
                0,
                ToSite.Roster.class,
                all -> new ToSite.Roster(all.advertisements().subList(0, 3)))
            .run();

    assertThat(federation.site(0).refusals).containsExactly(SiteRefusal.COHORT_TOO_SMALL);
  }

  @Test
  void case08_tooFewDealers_refused() {
    Federation federation =
        Federation.of(5, 1)
            .alterTo(
                0,
                ToSite.SharesFor.class,
                all ->
                    new ToSite.SharesFor(
                        all.sharers().subList(0, 3), all.deliveries().subList(0, 2)))
            .run();

    assertThat(federation.site(0).refusals).containsExactly(SiteRefusal.COHORT_TOO_SMALL);
  }

  @Test
  void case08_tooFewSurvivors_refused() {
    Federation federation =
        Federation.of(5, 1)
            .alterTo(
                0,
                ToSite.Survivors.class,
                all -> new ToSite.Survivors(List.copyOf(all.survivors().subList(0, 3))))
            .run();

    assertThat(federation.site(0).refusals).containsExactly(SiteRefusal.COHORT_TOO_SMALL);
  }
}
