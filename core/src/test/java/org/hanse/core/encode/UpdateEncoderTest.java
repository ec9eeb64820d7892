package org.hanse.core.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.KeyDerivation;
import org.hanse.core.crypto.MaskStream;
import org.hanse.core.encode.EncodingResult.Encoded;
import org.hanse.core.encode.EncodingResult.Reason;
import org.hanse.core.encode.EncodingResult.Refused;
import org.hanse.core.plan.EncodingRules;
import org.hanse.core.plan.MetricSpec;
import org.hanse.core.plan.Ring;
import org.hanse.core.testing.SampleRound;
import org.hanse.core.testing.VectorFile;
import org.hanse.core.testing.VectorFile.Vector;
import org.hanse.core.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UpdateEncoderTest {
  private static final int CHUNK = 1 << 18;
  private static final List<MetricSpec> METRICS =
      List.of(new MetricSpec("loss", 100), new MetricSpec("accuracy", 1));
  private static final RoundingKey ROUNDING =
      new RoundingKey(SampleRound.run(0, 32), SampleRound.ECTX);
  private final UpdateEncoding sample =
      new UpdateEncoding(6, 5, Ring.Z32, new EncodingRules(0.8, 0.5, 4096, 1), METRICS);
  private final FloatVector sampleDelta = FloatVector.of(.1f, -.25f, .75f, 1e-9f, 0, -.6f);

  @Test
  void encode_sampleUpdate_givesTheQuantiserVector() {
    Vector vector = VectorFile.read("flsa1.txt", "quantiser");
    assertThat(sample.ringBound()).isEqualTo(Integer.parseInt(vector.text("bound")));
    assertThat(sample.parameterScale()).isEqualTo(Double.parseDouble(vector.text("scale")));
    int[] words = new int[2];
    ROUNDING.stream().add(words, 0);
    assertThat(new long[] {Integer.toUnsignedLong(words[0]), Integer.toUnsignedLong(words[1])})
        .isEqualTo(vector.longs("words"));
    assertThat(encode(sample, sampleDelta, 1000, 2.5, 0.875).read(0))
        .isEqualTo(vector.ints("encoded"));
  }

  @Test
  void derive_siteSecret_isLabelledKdfOfTheSite() {
    assertThat(
            RoundingKey.derive(SampleRound.run(7, 32), SampleRound.ECTX, SampleRound.SITE_A).seed())
        .isEqualTo(
            KeyDerivation.derive(
                SampleRound.run(7, 32),
                SampleRound.ECTX,
                "flsa1/seed",
                new Fields().fingerprint(SampleRound.SITE_A)));
  }

  @Test
  void read_twiceAndInAnyOrder_givesTheSame() {
    UpdateEncoding encoding = encoding(CHUNK + 100, 5, METRICS);
    EncodedUpdate update = encode(encoding, delta(CHUNK + 100, 1), 1000, 1, 0.5);
    int[] second = update.read(1);
    int[] first = update.read(0);
    assertThat(update.read(1)).isEqualTo(second);
    assertThat(update.read(0)).isEqualTo(first);
    assertThat(first).hasSize(CHUNK);
    assertThat(second).hasSize(103);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, CHUNK - 4, CHUNK - 3, CHUNK - 2, CHUNK - 1, CHUNK, CHUNK + 1, 600_000})
  void read_aroundChunkBorders_equalsDefinition(int parameters) {
    UpdateEncoding encoding = encoding(parameters, 7, METRICS);
    FloatVector delta = delta(parameters, parameters);
    EncodedUpdate update = encode(encoding, delta, 777, -3, 0.25);
    assertThat(all(update)).isEqualTo(naive(encoding, delta, 777, List.of(-3.0, 0.25)));
  }

  /** Segment 1 of the rounding stream begins at element 2^24. */
  @Test
  void read_secondSegment_roundsWithItsOwnKey() {
    int parameters = (1 << 24) + 10;
    UpdateEncoding encoding = encoding(parameters, 5, List.of());
    FloatVector delta = FloatVector.allocate(parameters);
    delta.set(1 << 24, 1e-3f);
    EncodedUpdate update = encode(encoding, delta, 1000);
    MaskStream second =
        new MaskStream(segment ->
            KeyDerivation.derive(
                ROUNDING.seed(), SampleRound.ECTX, "flsa1/round", new Fields().u64(1)));
    int[] word = new int[1];
    second.add(word, 0);
    double scale = 1000.0 / 4096 * encoding.parameterScale();
    assertThat(update.read((1 << 24) / CHUNK)[0])
        .isEqualTo((int) Math.floor(1e-3f * scale + Integer.toUnsignedLong(word[0]) * 0x1p-32));
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0.5", "3, 0.5", "-3, -0.5", "0.25, 0.25"})
  void encode_coordinateBeyondItsClip_isClamped(float value, double expected) {
    EncodingRules rules = new EncodingRules(1000, 0.5, 4096, 1);
    UpdateEncoding encoding = new UpdateEncoding(1, 5, Ring.Z32, rules, List.of());
    int x = encode(encoding, FloatVector.of(value), 4096).read(0)[0];
    assertThat(x / encoding.parameterScale()).isBetween(expected - 3e-9, expected + 3e-9);
  }

  /** Clip times scale may round to just above Q; the sum's bound must hold all the same. */
  @Test
  void quantize_productRoundedBeyondTheBound_isClamped() {
    int bound = EncodingRules.ringBound(Ring.Z32, 5);
    double max = 0.5;
    while (max * (bound / max) <= bound) {
      max += 0.01;
    }
    double scale = bound / max;
    assertThat(EncodedUpdate.quantize(-max, scale, 0, bound)).isEqualTo(-bound);
    assertThat(EncodedUpdate.quantize(max, scale, -1, bound)).isEqualTo(bound);
  }

  @Test
  void encode_normBeyondItsClip_keepsDirection() {
    EncodingRules rules = new EncodingRules(1, 1, 4096, 1);
    UpdateEncoding encoding = new UpdateEncoding(2, 5, Ring.Z32, rules, List.of());
    int[] x = encode(encoding, FloatVector.of(30, -40), 4096).read(0);
    assertThat(x[0] / encoding.parameterScale()).isBetween(0.6 - 1e-8, 0.6 + 1e-8);
    assertThat(x[1] / encoding.parameterScale()).isBetween(-0.8 - 1e-8, -0.8 + 1e-8);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.MAX_VALUE, -Float.MAX_VALUE})
  void encode_largestFloats_areClippedNotRefused(float value) {
    UpdateEncoding encoding = encoding(1000, 5, List.of());
    FloatVector delta = FloatVector.allocate(1000);
    for (int i = 0; i < 1000; i++) {
      delta.set(i, value);
    }
    double each = encoding.rules().clipNormL2() / Math.sqrt(1000);
    int[] x = encode(encoding, delta, 4096).read(0);
    assertThat(Math.abs(x[999]) / encoding.parameterScale()).isBetween(each - 1e-6, each + 1e-6);
  }

  @Test
  void encode_negativeZeroAndDenormals_roundToZeroOrOne() {
    UpdateEncoding encoding = encoding(3, 5, List.of());
    FloatVector delta = FloatVector.of(-0f, Float.MIN_VALUE, -Float.MIN_VALUE);
    int[] x = encode(encoding, delta, 4096).read(0);
    assertThat(x[0]).isZero();
    assertThat(x[1]).isZero();
    assertThat(x[2]).isBetween(-1, 0);
  }

  @Test
  void encode_anyValue_roundsToOneOfItsNeighboursWithoutBias() {
    int parameters = 200_000;
    UpdateEncoding encoding = encoding(parameters, 5, List.of());
    float value = (float) (1000.3 / encoding.parameterScale());
    FloatVector delta = FloatVector.allocate(parameters);
    for (int i = 0; i < parameters; i++) {
      delta.set(i, value);
    }
    double exact = value * encoding.parameterScale();
    double sum = 0;
    for (int x : all(encode(encoding, delta, 4096)).stream().limit(parameters).toList()) {
      assertThat(x).isBetween((int) Math.floor(exact), (int) Math.ceil(exact));
      sum += x;
    }
    // Six standard deviations of a Bernoulli mean: the key is fixed, so this never flakes.
    assertThat(sum / parameters).isBetween(exact - 0.0067, exact + 0.0067);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "1, 10, 1",
    "10, 10, 1",
    "11, 10, 2",
    "40960, 10, 4096",
    "40961, 10, 4096",
    "9223372036854775807, 1, 4096"
  })
  void weight_examples_areCountedInUnits(long examples, long unit, int weight) {
    EncodingRules rules = new EncodingRules(1, 1, 4096, unit);
    UpdateEncoding encoding = new UpdateEncoding(1, 5, Ring.Z32, rules, List.of());
    assertThat(encoding.weight(examples)).isEqualTo(weight);
    assertThat(encode(encoding, FloatVector.of(0), examples).read(0)[1]).isEqualTo(weight);
  }

  @Test
  void encode_metricBeyondItsBound_isClamped() {
    int[] x = encode(sample, sampleDelta, 4096, 1e9, Double.NEGATIVE_INFINITY).read(0);
    assertThat(x[7]).isEqualTo(sample.ringBound());
    assertThat(x[8]).isEqualTo(-sample.ringBound());
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void encode_valueNotFinite_isRefused(float bad) {
    for (int at : new int[] {0, CHUNK - 1, CHUNK, CHUNK + 9}) {
      FloatVector delta = delta(CHUNK + 10, 3);
      delta.set(at, bad);
      assertThat(result(encoding(CHUNK + 10, 5, List.of()), delta, 10))
          .isEqualTo(new Refused(Reason.NOT_FINITE));
    }
  }

  @Test
  void encode_infinitiesOfBothSigns_areRefused() {
    FloatVector delta = FloatVector.of(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
    assertThat(result(encoding(2, 5, List.of()), delta, 10))
        .isEqualTo(new Refused(Reason.NOT_FINITE));
  }

  @Test
  void encode_otherFaultsOfTheSite_areRefused() {
    assertThat(result(sample, FloatVector.of(1), 10, 1, 1))
        .isEqualTo(new Refused(Reason.WRONG_LENGTH));
    assertThat(result(sample, sampleDelta, 0, 1, 1)).isEqualTo(new Refused(Reason.NO_EXAMPLES));
    assertThat(result(sample, sampleDelta, -5, 1, 1)).isEqualTo(new Refused(Reason.NO_EXAMPLES));
    assertThat(result(sample, sampleDelta, 10, 1)).isEqualTo(new Refused(Reason.WRONG_METRICS));
    assertThat(result(sample, sampleDelta, 10, 1, Double.NaN))
        .isEqualTo(new Refused(Reason.METRIC_NOT_A_NUMBER));
  }

  @Test
  void toString_neverShowsValues() {
    EncodedUpdate update = encode(sample, FloatVector.of(1, 2, 3, 4, 5, 6), 1234, 77, 0.5);
    assertThat(update).hasToString("encoded update of 6 parameters");
    assertThat(new Encoded(update).toString()).doesNotContain("1234").doesNotContain("77");
    assertThat(ROUNDING.toString()).doesNotContain("000102");
  }

  static EncodedUpdate encode(
      UpdateEncoding encoding, FloatVector delta, long examples, double... metrics) {
    return switch (result(encoding, delta, examples, metrics)) {
      case Encoded(EncodedUpdate update) -> update;
      case Refused(Reason reason) -> throw new AssertionError(reason);
    };
  }

  static EncodingResult result(
      UpdateEncoding encoding, FloatVector delta, long examples, double... metrics) {
    List<Double> values = java.util.Arrays.stream(metrics).boxed().toList();
    return UpdateEncoder.encode(encoding, new LocalUpdate(delta, examples, values), ROUNDING);
  }

  static UpdateEncoding encoding(long parameters, int members, List<MetricSpec> metrics) {
    return new UpdateEncoding(
        parameters, members, Ring.Z32, new EncodingRules(0.8, 0.5, 4096, 1), metrics);
  }

  static FloatVector delta(int size, long seed) {
    Random random = new Random(seed);
    FloatVector delta = FloatVector.allocate(size);
    for (int i = 0; i < size; i++) {
      delta.set(i, (float) (random.nextGaussian() * 0.01));
    }
    return delta;
  }

  static List<Integer> all(EncodedUpdate update) {
    List<Integer> elements = new ArrayList<>();
    for (long chunk = 0; chunk < update.chunking().chunkCount(); chunk++) {
      for (int element : update.read(chunk)) {
        elements.add(element);
      }
    }
    return elements;
  }

  /** The specification's formulas, one coordinate after the other. */
  private static List<Integer> naive(
      UpdateEncoding encoding, FloatVector delta, int weight, List<Double> metrics) {
    double norm2 = 0;
    for (long start = 0; start < delta.size(); start += CHUNK) {
      double part = 0;
      for (long i = start; i < Math.min(start + CHUNK, delta.size()); i++) {
        part += (double) delta.get(i) * delta.get(i);
      }
      norm2 += part;
    }
    double norm = Math.sqrt(norm2);
    double f = norm > 0.8 ? 0.8 / norm : 1;
    int q = Integer.MAX_VALUE / encoding.memberCount();
    double p = weight / 4096.0;
    int[] words = new int[Math.toIntExact(encoding.lengthElements())];
    ROUNDING.stream().add(words, 0);
    List<Integer> x = new ArrayList<>();
    for (int i = 0; i < delta.size(); i++) {
      double d = Math.min(Math.max(delta.get(i) * f, -0.5), 0.5);
      x.add(round(d, p * (q / 0.5), words[i], q));
    }
    x.add(weight);
    for (double metric : metrics) {
      double bound = METRICS.get(x.size() - (int) delta.size() - 1).bound();
      double d = Math.min(Math.max(metric, -bound), bound);
      x.add(round(d, p * (q / bound), words[x.size()], q));
    }
    return x;
  }

  private static int round(double value, double scale, int word, int q) {
    double rounded = Math.floor(value * scale + Integer.toUnsignedLong(word) / 4294967296.0);
    return (int) Math.max(-q, Math.min(q, rounded));
  }
}
