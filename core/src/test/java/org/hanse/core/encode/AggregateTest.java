package org.hanse.core.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.encode.AggregateGates.Failure;
import org.hanse.core.encode.AggregateGates.Progress;
import org.hanse.core.plan.EncodingRules;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.MetricSpec;
import org.hanse.core.plan.Ring;
import org.hanse.core.testing.SampleRound;
import org.hanse.core.testing.VectorFile;
import org.hanse.core.testing.VectorFile.Vector;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.FloatVector;
import org.hanse.core.vector.IntChunks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decoding, the gates and the bound on sums. */
final class AggregateTest {
  private static final int CHUNK = 1 << 18;
  private static final List<MetricSpec> METRICS =
      List.of(new MetricSpec("loss", 100), new MetricSpec("accuracy", 1));
  private final UpdateEncoding sample =
      new UpdateEncoding(6, 5, Ring.Z32, new EncodingRules(0.8, 0.5, 4096, 1), METRICS);

  private static final class InMemorySum implements IntChunks {
    private final Chunking chunking;
    private final int[] elements;

    InMemorySum(Chunking chunking, int[] elements) {
      this.chunking = chunking;
      this.elements = elements;
    }

    @Override
    public Chunking chunking() {
      return chunking;
    }

    @Override
    public int[] read(long chunk) {
      int first = (int) chunking.firstElement(chunk);
      return Arrays.copyOfRange(elements, first, first + chunking.elementsIn(chunk));
    }
  }

  @Test
  void decoder_sampleUpdateAlone_givesTheVectorsAverages() {
    Vector vector = VectorFile.read("flsa1.txt", "quantiser");
    AggregateDecoder decoder =
        new AggregateDecoder(sample, SampleRound.ECTX, sum(sample, vector.ints("encoded")));
    assertThat(decoder.weight()).isEqualTo(1000);
    double step = AggregateDecoder.step(sample, sample.parameterScale(), 1000);
    assertThat(step).isEqualTo(Double.parseDouble(vector.text("step")));
    double[] averages = decoder.averages(0);
    assertThat(averages).hasSize(6);
    assertThat(averages[0]).isEqualTo(Double.parseDouble(vector.text("average-0")));
    assertThat(averages[2]).isEqualTo(Double.parseDouble(vector.text("average-2")));
    assertThat(decoder.metrics().get(0)).isCloseTo(2.5, within(1e-6));
    assertThat(decoder.metrics().get(1)).isCloseTo(0.875, within(1e-8));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void decoder_sumOfManySites_isTheWeightedAverageWithinTheBound(long seed) {
    Random random = new Random(seed);
    int members = 4 + random.nextInt(20);
    int survivors = members - random.nextInt(2);
    int parameters = 1000;
    UpdateEncoding encoding =
        new UpdateEncoding(
            parameters, members, Ring.Z32, new EncodingRules(10, 0.5, 1024, 1), METRICS);
    int[] total = new int[Math.toIntExact(encoding.lengthElements())];
    double[] exact = new double[parameters];
    double exactLoss = 0;
    long weights = 0;
    for (int site = 0; site < survivors; site++) {
      FloatVector delta = UpdateEncoderTest.delta(parameters, seed * 100 + site);
      long weight = 1L + random.nextInt(1024);
      double loss = random.nextDouble(5);
      EncodedUpdate update = encode(encoding, delta, weight, site, List.of(loss, 0.5));
      int[] x = update.read(0);
      for (int i = 0; i < total.length; i++) {
        total[i] += x[i];
      }
      for (int i = 0; i < parameters; i++) {
        exact[i] += weight * (double) delta.get(i);
      }
      exactLoss += weight * loss;
      weights += weight;
    }
    IntChunks sum = sum(encoding, total);
    assertThat(check(new AggregateGates(encoding, survivors), sum)).isEmpty();
    AggregateDecoder decoder = new AggregateDecoder(encoding, SampleRound.ECTX, sum);
    assertThat(decoder.weight()).isEqualTo(weights);
    double error = survivors * 1024.0 / (encoding.parameterScale() * weights);
    double[] averages = decoder.averages(0);
    for (int i = 0; i < parameters; i++) {
      assertThat(averages[i]).isCloseTo(exact[i] / weights, within(error));
    }
    double lossError = survivors * 1024.0 / (encoding.metricScale(0) * weights);
    assertThat(decoder.metrics().get(0)).isCloseTo(exactLoss / weights, within(lossError));
    assertThat(decoder.metrics().get(1)).isCloseTo(0.5, within(lossError / 100 + 1e-12));
  }

  @ParameterizedTest
  @ValueSource(ints = {CHUNK - 3, CHUNK - 2, CHUNK - 1, CHUNK, CHUNK + 1})
  void decoder_tailAcrossChunks_isFoundAndLeftOutOfTheAverages(int parameters) {
    UpdateEncoding encoding = UpdateEncoderTest.encoding(parameters, 5, METRICS);
    int[] elements = new int[parameters + 3];
    Arrays.fill(elements, 0, parameters, 7);
    elements[parameters] = 4096;
    elements[parameters + 1] = encoding.ringBound();
    elements[parameters + 2] = -encoding.ringBound();
    AggregateDecoder decoder =
        new AggregateDecoder(encoding, SampleRound.ECTX, sum(encoding, elements));
    assertThat(decoder.weight()).isEqualTo(4096);
    assertThat(decoder.metrics().get(0)).isCloseTo(100, within(1e-9));
    assertThat(decoder.metrics().get(1)).isCloseTo(-1, within(1e-12));
    int averages = 0;
    for (long chunk = 0; chunk < decoder.chunking().chunkCount(); chunk++) {
      averages += decoder.averages(chunk).length;
    }
    assertThat(averages).isEqualTo(parameters);
    assertThat(check(new AggregateGates(encoding, 1), sum(encoding, elements))).isEmpty();
  }

  @Test
  void decoder_sumCutOtherwiseOrWeightless_isRefused() {
    int[] weightless = new int[9];
    assertThatThrownBy(
            () -> new AggregateDecoder(sample, SampleRound.ECTX, sum(sample, weightless)))
        .isInstanceOf(IllegalArgumentException.class);
    IntChunks other = new InMemorySum(new Chunking(9, 4), new int[9]);
    assertThatThrownBy(() -> new AggregateDecoder(sample, SampleRound.ECTX, other))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void decoder_leastWeight_isDividedBy() {
    int[] elements = {3, 0, 0, 0, 0, 0, 1, 0, 0};
    AggregateDecoder decoder =
        new AggregateDecoder(sample, SampleRound.ECTX, sum(sample, elements));
    assertThat(decoder.weight()).isEqualTo(1);
    assertThat(decoder.averages(0)[0]).isCloseTo(3 * 4096 / sample.parameterScale(), within(1e-15));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 7, 10, 50, 255, 256})
  void sum_allMembersAtTheirLimits_neverWraps(int members) {
    int maxWeight = Math.min(1 << 20, EncodingRules.ringBound(Ring.Z32, members));
    UpdateEncoding encoding =
        new UpdateEncoding(
            2, members, Ring.Z32, new EncodingRules(100, 0.5, maxWeight, 1), METRICS);
    FloatVector delta = FloatVector.of(50, -50);
    int[] total = new int[5];
    long[] exact = new long[5];
    for (int site = 0; site < members; site++) {
      int[] x = encode(encoding, delta, Long.MAX_VALUE, site, List.of(1e300, -1e300)).read(0);
      assertThat(x)
          .containsExactly(
              encoding.ringBound(),
              -encoding.ringBound(),
              maxWeight,
              encoding.ringBound(),
              -encoding.ringBound());
      for (int i = 0; i < x.length; i++) {
        total[i] += x[i];
        exact[i] += x[i];
      }
    }
    for (int i = 0; i < total.length; i++) {
      assertThat((long) total[i]).isEqualTo(exact[i]);
    }
    // One more ring step a site would wrap.
    assertThat((long) members * (encoding.ringBound() + 1L)).isGreaterThan(Integer.MAX_VALUE);
    assertThat(check(new AggregateGates(encoding, members), sum(encoding, total))).isEmpty();
    AggregateDecoder decoder =
        new AggregateDecoder(encoding, SampleRound.ECTX, sum(encoding, total));
    assertThat(decoder.averages(0)[0]).isCloseTo(0.5, within(1e-12));
    assertThat(decoder.averages(0)[1]).isCloseTo(-0.5, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 858993458, true", "0, 858993459, false", "0, -858993458, true", "0, -858993459, false",
    "0, 2147483647, false", "0, -2147483648, false", "5, 858993459, false", "7, 858993459, false",
    "8, -858993459, false", "8, 858993458, true"
  })
  void gates_coordinateAroundSurvivorsTimesQ_decides(int index, int value, boolean passes) {
    UpdateEncoding wide =
        new UpdateEncoding(6, 5, Ring.Z32, new EncodingRules(1e6, 0.5, 4096, 1), METRICS);
    int[] elements = new int[9];
    elements[6] = 2;
    elements[index] = value;
    assertThat(check(new AggregateGates(wide, 2), sum(wide, elements)))
        .isEqualTo(passes ? Optional.empty() : Optional.of(Failure.COORDINATE));
  }

  @ParameterizedTest
  @CsvSource({
    "-1, false",
    "0, false",
    "2, false",
    "3, true",
    "12288, true",
    "12289, false",
    "2000000000, false"
  })
  void gates_weightAroundItsRange_decides(int weight, boolean passes) {
    int[] elements = new int[9];
    elements[6] = weight;
    Failure expected = weight == 2_000_000_000 ? Failure.COORDINATE : Failure.WEIGHT;
    assertThat(check(new AggregateGates(sample, 3), sum(sample, elements)))
        .isEqualTo(passes ? Optional.empty() : Optional.of(expected));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5})
  void gates_normAroundItsLimit_decides(int survivors) {
    // All of full weight: a ring step is 1/(S * survivors), and each may round by sqrt(6) steps.
    double limit = survivors * (0.8 * sample.parameterScale() + Math.sqrt(6));
    int perCoordinate = (int) Math.floor(limit / Math.sqrt(6));
    int[] elements = new int[9];
    Arrays.fill(elements, 0, 6, perCoordinate);
    elements[6] = survivors * 4096;
    AggregateGates gates = new AggregateGates(sample, survivors);
    assertThat(check(gates, sum(sample, elements))).isEmpty();
    Arrays.fill(elements, 0, 6, perCoordinate + 1);
    assertThat(check(gates, sum(sample, elements))).contains(Failure.NORM);
  }

  @Test
  void gates_faultInTheFirstOfTwoChunks_isFound() {
    UpdateEncoding encoding = UpdateEncoderTest.encoding(CHUNK + 5, 5, METRICS);
    int[] elements = new int[CHUNK + 8];
    elements[CHUNK + 5] = 4096;
    AggregateGates gates = new AggregateGates(encoding, 2);
    assertThat(check(gates, sum(encoding, elements))).isEmpty();
    elements[3] = 2 * encoding.ringBound() + 1;
    assertThat(check(gates, sum(encoding, elements))).contains(Failure.COORDINATE);
    Arrays.fill(elements, 0, 1000, encoding.ringBound());
    assertThat(check(gates, sum(encoding, elements))).contains(Failure.NORM);
  }

  private static Optional<Failure> check(AggregateGates gates, IntChunks sum) {
    Progress progress = Progress.START;
    for (long chunk = 0; chunk < sum.chunking().chunkCount(); chunk++) {
      progress = gates.take(progress, chunk, sum.read(chunk));
    }
    return gates.finish(progress);
  }

  @Test
  void gates_randomRingElements_areRefused() {
    int[] elements = new Random(1).ints(9).toArray();
    assertThat(check(new AggregateGates(sample, 3), sum(sample, elements))).isPresent();
  }

  @Test
  void take_chunkOutOfOrderOrWrongLength_isRefused() {
    UpdateEncoding encoding = UpdateEncoderTest.encoding(CHUNK + 5, 5, METRICS);
    AggregateGates gates = new AggregateGates(encoding, 3);
    assertThatThrownBy(() -> gates.take(Progress.START, 1, new int[8]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> gates.take(Progress.START, 0, new int[8]))
        .isInstanceOf(IllegalArgumentException.class);
    Progress half = gates.take(Progress.START, 0, new int[CHUNK]);
    assertThatThrownBy(() -> gates.finish(half)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> gates.take(half, 0, new int[CHUNK]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void new_moreSurvivorsThanMembers_isRefused() {
    assertThatThrownBy(() -> new AggregateGates(sample, 6))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new AggregateGates(sample, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void encoding_weightAboveRingBound_isRefused() {
    EncodingRules rules = new EncodingRules(1, 1, 1 << 20, 1);
    assertThatThrownBy(() -> new UpdateEncoding(1, 5000, Ring.Z32, rules, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Q of 2048 members is 1048575: the largest weight that 2048 of them can add without a wrap. */
  @Test
  void encoding_weightAtRingBound_isTheLargest() {
    EncodingRules atBound = new EncodingRules(1, 1, 1_048_575, 1);
    EncodingRules above = new EncodingRules(1, 1, 1_048_576, 1);
    assertThat(new UpdateEncoding(1, 2048, Ring.Z32, atBound, List.of()).ringBound())
        .isEqualTo(1_048_575);
    assertThatThrownBy(() -> new UpdateEncoding(1, 2048, Ring.Z32, above, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void encoding_sizesAroundTheirLimits_decide() {
    EncodingRules rules = new EncodingRules(1, 1, 1, 1);
    long most = Limits.MAX_PARAMETERS;
    assertThat(new UpdateEncoding(1, 1, Ring.Z32, rules, List.of()).lengthElements()).isEqualTo(2);
    assertThat(new UpdateEncoding(most, 1, Ring.Z32, rules, List.of()).lengthElements())
        .isEqualTo(most + 1);
    assertThatThrownBy(() -> new UpdateEncoding(0, 1, Ring.Z32, rules, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new UpdateEncoding(most + 1, 1, Ring.Z32, rules, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new UpdateEncoding(1, 0, Ring.Z32, rules, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static EncodedUpdate encode(
      UpdateEncoding encoding, FloatVector delta, long examples, int site, List<Double> metrics) {
    SecretBytes seed = SampleRound.run(site, 32);
    EncodingResult result =
        UpdateEncoder.encode(
            encoding,
            new LocalUpdate(delta, examples, new ArrayList<>(metrics)),
            new RoundingKey(seed, SampleRound.ECTX));
    return switch (result) {
      case EncodingResult.Encoded(EncodedUpdate update) -> update;
      case EncodingResult.Refused(EncodingResult.Reason reason) -> throw new AssertionError(reason);
    };
  }

  private static IntChunks sum(UpdateEncoding encoding, int... elements) {
    return new InMemorySum(encoding.chunking(), elements);
  }
}
