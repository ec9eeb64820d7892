package org.hanse.core.secagg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.hanse.core.plan.Ring;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.ProtocolFederation.Dropout;
import org.hanse.core.secagg.coordinator.AggregationState;
import org.hanse.core.secagg.site.SiteState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole attempts, both machines against each other. */
class ProtocolFederationTest {

  @ParameterizedTest
  @CsvSource({"4, 0", "5, 1", "10, 3", "50, 16", "3, 0", "2, 0"})
  void run_everybodyStays_sumIsExact(int members, int colluding) {
    ProtocolFederation federation =
        new ProtocolFederation(TestConsortium.of(members, colluding), members).run();

    assertClosedWith(federation, members);
    assertThat(federation.sites.values())
        .allSatisfy(site -> assertThat(site.state).isInstanceOf(SiteState.Done.class));
  }

  @ParameterizedTest
  @CsvSource({"4, 0", "5, 1", "10, 3", "50, 16"})
  void run_oneLeavesDuringUpload_sumOfTheOthersIsExact(int members, int colluding) {
    ProtocolFederation federation =
        new ProtocolFederation(TestConsortium.of(members, colluding), members)
            .dropping(members / 2, Dropout.DURING_UPLOAD)
            .run();

    assertClosedWith(federation, members - 1);
    assertThat(federation.counted()).doesNotContain(federation.site(members / 2).name());
  }

  @ParameterizedTest
  @EnumSource(Dropout.class)
  void run_oneLeavesAtAnyStep_sumIsExact(Dropout point) {
    assertExactThoughOneLeaves(Suite.FLSA1, point);
  }

  @ParameterizedTest
  @EnumSource(Dropout.class)
  void run_oneLeavesAtAnyStepInTheNarrowRing_sumIsExact(Dropout point) {
    assertExactThoughOneLeaves(Suite.FLSA1_Z16, point);
  }

  private static void assertExactThoughOneLeaves(Suite suite, Dropout point) {
    TestConsortium.Shape shape = TestConsortium.Shape.of(5, 1).suite(suite);
    ProtocolFederation federation =
        new ProtocolFederation(TestConsortium.of(shape), 11).dropping(2, point).run();

    boolean counted = point.compareTo(Dropout.AFTER_COMMIT) >= 0;
    assertClosedWith(federation, counted ? 5 : 4);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void run_randomDropouts_sumIsExactOrTheAttemptAborts(long seed) {
    Random random = new Random(seed);
    int members = 5 + random.nextInt(12);
    Suite suite = Suite.masked(seed % 2 == 0, seed % 4 < 2 ? Ring.Z16 : Ring.Z32);
    TestConsortium consortium =
        TestConsortium.of(TestConsortium.Shape.of(members, (members - 1) / 3).suite(suite));
    ProtocolFederation federation = new ProtocolFederation(consortium, seed);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    int leaving = random.nextInt(members / 2);
    List<Dropout> points = List.of(Dropout.values());
    for (int site : order.subList(0, leaving)) {
      federation.dropping(site, points.get(random.nextInt(points.size())));
    }

    federation.run();

    int tolerated = members - consortium.terms().minimumSites();
    if (federation.aborted().isPresent()) {
      assertThat(leaving).isGreaterThan(tolerated);
    } else {
      assertThat(federation.state).isInstanceOf(AggregationState.Closed.class);
      assertThat(federation.sum.hasElements(federation.plainSum())).isTrue();
      assertThat(federation.counted().size())
          .isGreaterThanOrEqualTo(consortium.terms().minimumSites());
    }
  }

  @ParameterizedTest
  @EnumSource(Suite.class)
  void run_vectorOfSeveralChunks_sumIsExact(Suite suite) {
    TestConsortium.Shape shape = TestConsortium.Shape.of(4, 0).suite(suite).large();
    ProtocolFederation federation =
        new ProtocolFederation(TestConsortium.of(shape), 1)
            .dropping(1, Dropout.DURING_UPLOAD)
            .run();

    assertThat(federation.readSpool(federation.site(0).name(), 0))
        .hasSize(suite.ring().elementBytes() << 18);
    assertThat(federation.sum.chunking().chunkCount()).isEqualTo(2);
    assertClosedWith(federation, 3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void run_suiteWithoutMasks_sameFlowAndSum(boolean dropout) {
    ProtocolFederation federation =
        new ProtocolFederation(
            TestConsortium.of(TestConsortium.Shape.of(5, 1).suite(Suite.PLAIN)), 1);
    if (dropout) {
      federation.dropping(4, Dropout.DURING_UPLOAD);
    }

    federation.run();

    assertClosedWith(federation, dropout ? 4 : 5);
  }

  @ParameterizedTest
  @CsvSource({"4, 0", "5, 1", "10, 3"})
  void run_hybridSuiteOneLeaves_sumOfTheOthersIsExact(int members, int colluding) {
    for (int leaving = 0; leaving < members; leaving++) {
      ProtocolFederation federation = hybrid(members, colluding, leaving);
      federation.dropping(leaving, Dropout.AFTER_SHARES).run();

      assertClosedWith(federation, members - 1);
    }
  }

  @ParameterizedTest
  @EnumSource(Dropout.class)
  void run_hybridSuiteOneLeavesAtAnyStep_sumIsExact(Dropout point) {
    ProtocolFederation federation = hybrid(5, 1, 11).dropping(2, point).run();

    boolean counted = point.compareTo(Dropout.AFTER_COMMIT) >= 0;
    assertClosedWith(federation, counted ? 5 : 4);
  }

  private static ProtocolFederation hybrid(int members, int colluding, long seed) {
    return new ProtocolFederation(
        TestConsortium.of(TestConsortium.Shape.of(members, colluding).suite(Suite.FLSA1_HYBRID)),
        seed);
  }

  @Test
  void run_exactlyThresholdSurvivors_works() {
    // N = 5, c = 1: t = n_min = 4.
    ProtocolFederation federation =
        new ProtocolFederation(TestConsortium.of(5, 1), 1).dropping(0, Dropout.AFTER_COMMIT).run();

    assertClosedWith(federation, 5);
  }

  @ParameterizedTest
  @CsvSource({
    "AFTER_SHARES, TOO_FEW_SURVIVORS",
    "AFTER_COMMIT, STATEMENT_NOT_CONFIRMED",
    "AFTER_CONFIRMATION, RECONSTRUCTION_FAILED"
  })
  void run_oneBelowThreshold_aborts(Dropout point, AbortReason reason) {
    ProtocolFederation federation =
        new ProtocolFederation(TestConsortium.of(5, 1), 1)
            .dropping(0, point)
            .dropping(3, point)
            .run();

    assertThat(federation.aborted()).contains(reason);
    assertThat(federation.counted()).isEmpty();
  }

  @Test
  void run_threeMembersOneDropout_aborts() {
    ProtocolFederation federation =
        new ProtocolFederation(TestConsortium.of(3, 0), 1).dropping(0, Dropout.DURING_UPLOAD).run();

    assertThat(federation.aborted()).contains(AbortReason.TOO_FEW_SURVIVORS);
  }

  @Test
  void retry_afterAbortBeforeRelease_freshKeysAndSameSum() {
    ProtocolFederation federation =
        new ProtocolFederation(TestConsortium.of(5, 1), 1)
            .dropping(0, Dropout.AFTER_SHARES)
            .dropping(3, Dropout.AFTER_SHARES)
            .run();

    federation.retry(1, federation.consortium.roster());
    federation.run();

    assertClosedWith(federation, 5);
  }

  private static void assertClosedWith(ProtocolFederation federation, int counted) {
    assertThat(federation.state)
        .as("aborted: %s, drops: %s", federation.aborted(), federation.drops())
        .isInstanceOf(AggregationState.Closed.class);
    assertThat(federation.counted()).hasSize(counted);
    assertThat(federation.sum.hasElements(federation.plainSum())).isTrue();
    assertThat(federation.sum.elements()).isNotEqualTo(new int[federation.sum.size()]);
  }
}
