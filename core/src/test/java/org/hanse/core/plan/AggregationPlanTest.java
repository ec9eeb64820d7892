package org.hanse.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.hanse.core.plan.AggregationPlan.RetryLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AggregationPlanTest {
  @Test
  void maxDiscardedInARow_isThreeOrAsManyReleasesAsAllowed() {
    assertThat(new AggregationPlan.RetryLimits(4, 1).maxDiscardedInARow()).isEqualTo(1);
    assertThat(AggregationPlan.RetryLimits.DEFAULT.maxDiscardedInARow()).isEqualTo(2);
    assertThat(new AggregationPlan.RetryLimits(4, 3).maxDiscardedInARow()).isEqualTo(3);
    assertThat(new AggregationPlan.RetryLimits(4, 16).maxDiscardedInARow()).isEqualTo(3);
  }

  private static final MetricSpec LOSS = new MetricSpec(MetricSpec.TRAINING_LOSS, 100);

  private static AggregationPlan plan(List<MetricSpec> metrics) {
    return new AggregationPlan(
        Suite.FLSA1,
        new CohortRules(5, 1, 0.6, 4),
        new EncodingRules(10, 1, 1024, 1),
        metrics,
        RetryLimits.DEFAULT,
        8,
        StepDeadlines.DEFAULT);
  }

  private static AggregationPlan auditing(Suite suite, int colluding, int auditChunks) {
    return new AggregationPlan(
        suite,
        new CohortRules(5, colluding, 0.6, 4),
        new EncodingRules(10, 1, 1024, 1),
        List.of(),
        RetryLimits.DEFAULT,
        auditChunks,
        StepDeadlines.DEFAULT);
  }

  @Test
  void members_moreThanTheSuiteAllows_refused() {
    assertThat(ofMembers(Suite.FLSA1_HYBRID, 64).cohort().memberCount()).isEqualTo(64);
    assertThatThrownBy(() -> ofMembers(Suite.FLSA1_HYBRID, 65))
        .hasMessage(
            "members under FLSA1-X25519MLKEM768-AES256CTR-Z32 must be from 2 to 64, not 65");
    assertThat(ofMembers(Suite.FLSA1, 65).cohort().memberCount()).isEqualTo(65);
  }

  private static AggregationPlan ofMembers(Suite suite, int members) {
    return new AggregationPlan(
        suite,
        new CohortRules(members, 1, 0.6, 4),
        new EncodingRules(10, 1, 100, 1),
        List.of(),
        RetryLimits.DEFAULT,
        0,
        StepDeadlines.DEFAULT);
  }

  /** Who audits sees what the coordinator sees: as much as a colluding site. */
  @Test
  void auditChunks_noSiteMayColludeOrNoMasks_areNone() {
    assertThat(AggregationPlan.defaultAuditChunks(Suite.FLSA1, new CohortRules(5, 1, 0.6, 4)))
        .isEqualTo(8);
    assertThat(AggregationPlan.defaultAuditChunks(Suite.FLSA1, new CohortRules(5, 0, 0.6, 4)))
        .isZero();
    assertThat(AggregationPlan.defaultAuditChunks(Suite.PLAIN, new CohortRules(5, 1, 0.6, 4)))
        .isZero();
    assertThat(auditing(Suite.FLSA1, 1, 64).auditChunks()).isEqualTo(64);
    assertThat(auditing(Suite.FLSA1, 0, 0).auditChunks()).isZero();
    assertThatThrownBy(() -> auditing(Suite.FLSA1, 0, 1)).hasMessageContaining("audit chunks");
    assertThatThrownBy(() -> auditing(Suite.PLAIN, 1, 1)).hasMessageContaining("audit chunks");
    assertThatThrownBy(() -> auditing(Suite.FLSA1, 1, 65)).hasMessageContaining("audit chunks");
  }

  /** Omega <= Q: every plan satisfies it, since the largest weight fits the largest cohort. */
  @Test
  void maxWeight_largestCohort_isWithinTheRingBound() {
    assertThat(EncodingRules.MAX_WEIGHT)
        .isLessThanOrEqualTo(EncodingRules.ringBound(Ring.Z32, Limits.MAX_MEMBERS));
  }

  @ParameterizedTest
  @CsvSource({"2, 1073741823", "3, 715827882", "5, 429496729", "256, 8388607"})
  void ringBound_membersTimesIt_staysInTheRing(int members, int bound) {
    assertThat(EncodingRules.ringBound(Ring.Z32, members)).isEqualTo(bound);
    assertThat((long) members * bound).isLessThan(1L << 31);
  }

  @ParameterizedTest
  @CsvSource({"2, 16383", "5, 6553", "10, 3276", "63, 520", "64, 511"})
  void ringBound_narrowRing_membersTimesItStaysInTheRing(int members, int bound) {
    assertThat(EncodingRules.ringBound(Ring.Z16, members)).isEqualTo(bound);
    assertThat(EncodingRules.maxWeight(Ring.Z16, members)).isEqualTo(bound);
    assertThat(members * bound).isLessThan(1 << 15);
    assertThat(members * (bound + 1)).isGreaterThanOrEqualTo(1 << 15);
  }

  @Test
  void ring_sizes_followFromItsBits() {
    assertThat(Ring.Z32.elementBytes()).isEqualTo(4);
    assertThat(Ring.Z32.maxSigned()).isEqualTo(Integer.MAX_VALUE);
    assertThat(Ring.Z16.elementBytes()).isEqualTo(2);
    assertThat(Ring.Z16.maxSigned()).isEqualTo(Short.MAX_VALUE);
    assertThat(Suite.FLSA1.ring()).isEqualTo(Ring.Z32);
    assertThat(Suite.PLAIN.ring()).isEqualTo(Ring.Z32);
    assertThat(Suite.FLSA1_Z16.ring()).isEqualTo(Ring.Z16);
    assertThat(Suite.FLSA1_Z16.masked()).isTrue();
    assertThat(Suite.byProtocolName("FLSA1-X25519-AES256CTR-Z16")).contains(Suite.FLSA1_Z16);
  }

  @Test
  void new_cohortOrWeightBeyondTheNarrowRing_isRefused() {
    assertThat(narrow(64, 511).encoding().maxWeight()).isEqualTo(511);
    assertThatThrownBy(() -> narrow(64, 512)).hasMessageContaining("largest weight");
    assertThatThrownBy(() -> narrow(65, 100)).hasMessageContaining("must be from 2 to 64, not 65");
  }

  private static AggregationPlan narrow(int members, int maxWeight) {
    return new AggregationPlan(
        Suite.FLSA1_Z16,
        new CohortRules(members, 1, 0.6, 4),
        new EncodingRules(10, 1, maxWeight, 1),
        List.of(),
        RetryLimits.DEFAULT,
        8,
        StepDeadlines.DEFAULT);
  }

  @Test
  void encodingRules_bounds_areAccepted() {
    assertThat(new EncodingRules(1, 1, EncodingRules.MAX_WEIGHT, 1L << 40).maxWeight())
        .isEqualTo(1 << 20);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1, 1, clip norm",
    "NaN, 1, 1, 1, clip norm",
    "9.9e-31, 1, 1, 1, clip norm",
    "1.1e30, 1, 1, 1, clip norm",
    "1, 0, 1, 1, largest coordinate",
    "1, NaN, 1, 1, largest coordinate",
    "1, 9.9e-31, 1, 1, largest coordinate",
    "1, 1.5, 1, 1, largest coordinate",
    "1, 1, 0, 1, largest weight",
    "1, 1, 1048577, 1, largest weight",
    "1, 1, 1, 0, examples per weight unit",
    "1, 1, 1, 1099511627777, examples per weight unit"
  })
  void encodingRules_outOfRange_isRefused(
      double clipNorm, double maxCoordinate, int maxWeight, long unit, String named) {
    assertThatThrownBy(() -> new EncodingRules(clipNorm, maxCoordinate, maxWeight, unit))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(named);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-30, 1, 1e30})
  void scales_bounds_areAccepted(double scale) {
    assertThat(new EncodingRules(scale, scale, 1, 1).clipMaxAbs()).isEqualTo(scale);
    assertThat(new MetricSpec("loss", scale).bound()).isEqualTo(scale);
    assertThat(new ServerUpdate.FedAvg(scale).serverLearningRate()).isEqualTo(scale);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 9.9e-31, 1.1e30, Double.POSITIVE_INFINITY, Double.NaN})
  void scales_outOfRange_areRefused(double scale) {
    assertThatThrownBy(() -> new MetricSpec("loss", scale))
        .hasMessage("bound of loss must be from 1.0E-30 to 1.0E30, not " + scale);
    assertThatThrownBy(() -> new ServerUpdate.FedAvg(scale))
        .hasMessage("server learning rate must be from 1.0E-30 to 1.0E30, not " + scale);
  }

  @Test
  void new_metricTwice_isRefused() {
    assertThatThrownBy(() -> plan(List.of(LOSS, new MetricSpec(MetricSpec.TRAINING_LOSS, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("metric listed twice: training-loss");
  }

  @Test
  void new_metrics_areAtMost64AndKeepTheirOrder() {
    List<MetricSpec> most =
        IntStream.range(0, Limits.MAX_METRICS)
            .mapToObj(i -> new MetricSpec("metric-" + (Limits.MAX_METRICS - i), 1))
            .toList();

    assertThat(plan(most).metrics()).isEqualTo(most);
    assertThatThrownBy(() -> plan(Collections.nCopies(Limits.MAX_METRICS + 1, LOSS)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("metrics must be from 0 to 64, not 65");
  }

  @ParameterizedTest
  @CsvSource({"0, 1, attempts", "17, 1, attempts", "1, 0, releases", "1, 17, releases"})
  void retryLimits_outOfRange_isRefused(int attempts, int releases, String named) {
    assertThatThrownBy(() -> new RetryLimits(attempts, releases))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(named);
  }
}
