package org.hanse.simulation.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.hanse.client.update.RoundEncoder;
import org.hanse.core.encode.EncodingResult;
import org.hanse.core.encode.EncodingResult.Reason;
import org.hanse.core.encode.LocalUpdate;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values at the edges of what an update can hold. Eight parameters, clipped to 1 and norm 10. */
class EncodingCasesTest {
  private static final int PARAMETERS = 8;

  private final TestConsortium consortium = TestConsortium.of(5, 1);
  private final UpdateEncoding encoding = UpdateEncoding.of(consortium.manifest());

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void case29_notFinite_refused(float value) {
    assertThat(refused(update(value, 1_000, 1, 1))).isEqualTo(Reason.NOT_FINITE);
  }

  @Test
  void case29_noExamples_refused() {
    assertThat(refused(update(0.1f, 0, 1, 1))).isEqualTo(Reason.NO_EXAMPLES);
  }

  @Test
  void case29_metricNotANumber_refused() {
    assertThat(refused(update(0.1f, 1_000, Double.NaN, 1))).isEqualTo(Reason.METRIC_NOT_A_NUMBER);
  }

  @ParameterizedTest
  @ValueSource(floats = {-0f, 0f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL / 2})
  void case29_zerosAndDenormals_atMostOneStep(float value) {
    RingVector encoded = encoded(update(value, 1_000, 0, 0));

    for (int i = 0; i < PARAMETERS; i++) {
      assertThat(encoded.get(i)).isBetween(-1, 1);
    }
  }

  @Test
  void case29_largestValues_clippedToTheRingBound() {
    RingVector up = encoded(update(Float.MAX_VALUE, 4_096, 1e9, 1e9));
    RingVector down = encoded(update(-Float.MAX_VALUE, 4_096, -1e9, -1e9));

    int bound = encoding.ringBound();
    for (int i = 0; i < PARAMETERS; i++) {
      assertThat(up.get(i)).isEqualTo(bound);
      assertThat(down.get(i)).isEqualTo(-bound);
    }
    // A metric beyond its bound counts as the bound.
    assertThat(up.get(PARAMETERS + 1)).isEqualTo(bound);
    assertThat(down.get(PARAMETERS + 2)).isEqualTo(-bound);
  }

  @Test
  void case29_weight_isCappedAtOmega() {
    assertThat(encoded(update(0.1f, 4_096, 0, 0)).get(PARAMETERS)).isEqualTo(4_096);
    assertThat(encoded(update(0.1f, Long.MAX_VALUE, 0, 0)).get(PARAMETERS)).isEqualTo(4_096);
    assertThat(encoded(update(0.1f, 1, 0, 0)).get(PARAMETERS)).isEqualTo(1);
  }

  /** All sites at the edge of the ring, and of their weights: the sum does not wrap. */
  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void case29_everybodyAtTheBound_noWrap(int sign) {
    Federation federation = new Federation(consortium, 1);
    int bound = encoding.ringBound();
    for (SimulatedSite site : federation.sites) {
      site.masks =
          update -> {
            RingVector extreme = update.times(0);
            for (int i = 0; i < update.size(); i++) {
              extreme = extreme.with(i, sign * bound);
            }
            return extreme.with(PARAMETERS, encoding.rules().maxWeight());
          };
    }
    federation.coordinatorChecksGates = false;

    federation.run();

    assertThat(federation.sum().get(0)).isEqualTo(5 * sign * bound);
    assertThat((long) federation.sum().get(0)).isEqualTo(5L * sign * bound);
    assertThat(federation.sum().get(PARAMETERS)).isEqualTo(5 * 4_096);
    assertThat(federation.published()).isTrue();
  }

  private static LocalUpdate update(float value, long examples, double loss, double accuracy) {
    float[] delta = new float[PARAMETERS];
    Arrays.fill(delta, value);
    return new LocalUpdate(FloatVector.of(delta), examples, List.of(loss, accuracy));
  }

  private EncodingResult encode(LocalUpdate update) {
    return new RoundEncoder(
            consortium.planned(),
            consortium.sites().get(0).fingerprint(),
            TestConsortium.secret("site secret"))
        .encode(TestConsortium.round(1), consortium.initialModel(), update);
  }

  private RingVector encoded(LocalUpdate update) {
    return encode(update) instanceof EncodingResult.Encoded(var result)
        ? RingVector.copyOf(result)
        : new RingVector();
  }

  private Reason refused(LocalUpdate update) {
    return ((EncodingResult.Refused) encode(update)).reason();
  }
}
