package org.hanse.core.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.hanse.core.plan.EncodingRules;
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

/** Updates in the ring of 2^16: rotated, rounded, added, restored. */
final class RotatedEncodingTest {
  private static final int CHUNK = 1 << 18;
  private static final double CLIP_NORM = 10;
  private static final List<MetricSpec> METRICS =
      List.of(new MetricSpec("loss", 100), new MetricSpec("accuracy", 1));

  private enum Form {
    GAUSSIAN,
    CONSTANT,
    SPIKY
  }

  @Test
  void read_sampleUpdate_givesTheVectors() {
    Vector vector = VectorFile.read("flsa1-z16.txt", "quantiser");
    UpdateEncoding encoding =
        new UpdateEncoding(6, 5, Ring.Z16, new EncodingRules(0.8, 0.5, 4096, 1), METRICS);
    assertThat(encoding.ringBound()).isEqualTo(Integer.parseInt(vector.text("bound")));
    RoundingKey key =
        new RoundingKey(
            SampleRound.run(0, 32), VectorFile.read("flsa1-z16.txt", "context").hash("ectx"));
    FloatVector delta = FloatVector.of(.1f, -.25f, .75f, 1e-9f, 0, -.6f);
    LocalUpdate update = new LocalUpdate(delta, 1000, List.of(2.5, 0.875));

    EncodedUpdate encoded = encoded(UpdateEncoder.encode(encoding, update, key));

    assertThat(encoded.read(0)).isEqualTo(vector.ints("encoded"));
    double[] averages = new AggregateDecoder(encoding, key.encodingContext(), encoded).averages(0);
    assertThat(averages)
        .containsExactly(
            Arrays.stream(vector.text("averages").split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray());
  }

  /**
   * The whole way against the weighted mean in float64. Each rotated coordinate is off by less than
   * |U3| Omega / (S W), so the length of the difference is below sqrt(m) times that; rounding being
   * unbiased and independent, with a variance of at most 1/4 of a step for each site, it is in fact
   * below 1.1 sqrt(m |U3|) / 2 steps but with a probability below 1e-6 at these lengths.
   */
  @ParameterizedTest
  @CsvSource({
    "3, 3, 1000",
    "5, 4, 4096",
    "10, 10, 5000",
    "20, 17, 65537",
    "64, 64, 3000",
    "64, 43, 8191",
    "10, 9, 262144",
    "4, 4, 300000"
  })
  void decode_sumOfAnyUpdates_isTheWeightedMeanWithinTheBound(
      int members, int survivors, int parameters) {
    for (Form form : Form.values()) {
      assertWithinTheBound(form, members, survivors, parameters);
    }
  }

  private static void assertWithinTheBound(Form form, int members, int survivors, int parameters) {
    UpdateEncoding encoding = encoding(parameters, members);
    double[] mean = new double[parameters];
    int[] total = new int[parameters + 3];
    Random random = new Random(members + 31L * parameters);
    long weights = 0;
    for (int site = 0; site < survivors; site++) {
      FloatVector delta = update(form, parameters, random);
      int weight = 100 + random.nextInt(encoding.rules().maxWeight() - 99);
      add(total, encode(encoding, delta, weight, site));
      double norm = UpdateEncoder.normL2(delta);
      double factor = norm > CLIP_NORM ? CLIP_NORM / norm : 1;
      for (int i = 0; i < parameters; i++) {
        mean[i] += weight * factor * delta.get(i);
      }
      weights += weight;
    }
    for (int i = 0; i < parameters; i++) {
      mean[i] /= weights;
    }
    IntChunks sum = new Sum(encoding.chunking(), total);
    assertThat(check(new AggregateGates(encoding, survivors), sum)).isEmpty();
    double[] averages = averages(encoding, sum);
    double step = encoding.rules().maxWeight() / (encoding.parameterScale() * weights);
    double[] errors = new double[parameters];
    for (int i = 0; i < parameters; i++) {
      errors[i] = averages[i] - mean[i];
    }
    String what = form + " of " + parameters + " by " + survivors + " of " + members;
    double length = length(errors);
    assertThat(length).as(what).isLessThan(Math.sqrt(parameters) * survivors * step);
    assertThat(length)
        .as(what)
        .isLessThan(1.1 * Math.sqrt((double) parameters * survivors) / 2 * step);
    rotate(errors);
    assertThat(Arrays.stream(errors).map(Math::abs).max().getAsDouble())
        .as(what)
        .isLessThan(survivors * step);
  }

  /**
   * At the largest coordinate of the rotated suite a spiky update that is not rotated loses most of
   * its length to clamping.
   */
  @Test
  void decode_spikyUpdateWithoutRotation_isMuchWorse() {
    int parameters = 50_000;
    UpdateEncoding encoding = encoding(parameters, 10);
    FloatVector delta = update(Form.SPIKY, parameters, new Random(5));
    double max = encoding.rules().clipMaxAbs();
    double scale = encoding.parameterScale();
    Random random = new Random(6);
    double[] plain = new double[parameters];
    for (int i = 0; i < parameters; i++) {
      double clamped = Math.min(Math.max(delta.get(i), -max), max);
      int element = EncodedUpdate.quantize(clamped, scale, random.nextInt(), encoding.ringBound());
      plain[i] = element / scale - delta.get(i);
    }
    EncodedUpdate update = encode(encoding, delta, encoding.rules().maxWeight(), 1);
    double[] averages = averages(encoding, update);
    double[] rotated = new double[parameters];
    for (int i = 0; i < parameters; i++) {
      rotated[i] = averages[i] - delta.get(i);
    }
    assertThat(length(plain)).isGreaterThan(0.9 * CLIP_NORM);
    assertThat(length(rotated)).isLessThan(0.005 * CLIP_NORM);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 10, 31, 63, 64})
  void sum_allMembersAtTheirLimits_neverWraps(int members) {
    int weight = EncodingRules.maxWeight(Ring.Z16, members);
    // A tiny largest coordinate: whatever the rotation gives is clamped.
    EncodingRules rules = new EncodingRules(100, 1e-3, weight, 1);
    UpdateEncoding encoding = new UpdateEncoding(64, members, Ring.Z16, rules, METRICS);
    int bound = encoding.ringBound();
    float[] delta = new float[64];
    delta[7] = 50;
    int[] total = new int[67];
    int[] first = new int[0];
    for (int site = 0; site < members; site++) {
      int[] x =
          encoded(
                  UpdateEncoder.encode(
                      encoding,
                      new LocalUpdate(
                          FloatVector.of(delta), Long.MAX_VALUE, List.of(1e300, -1e300)),
                      key(site)))
              .read(0);
      for (int i = 0; i < 64; i++) {
        assertThat(Math.abs(x[i])).isEqualTo(bound);
      }
      assertThat(x[64]).isEqualTo(weight).isEqualTo(Math.min(bound, 1 << 20));
      assertThat(x[65]).isEqualTo(bound);
      assertThat(x[66]).isEqualTo(-bound);
      first = site == 0 ? x : first;
      // As the ring adds: a wrap would show.
      for (int i = 0; i < x.length; i++) {
        total[i] = (short) (total[i] + x[i]);
      }
    }
    for (int i = 0; i < total.length; i++) {
      assertThat(total[i]).isEqualTo(members * first[i]);
    }
    // One more ring step a site would wrap.
    assertThat(members * (bound + 1)).isGreaterThan(Short.MAX_VALUE);
    IntChunks sum = new Sum(encoding.chunking(), total);
    assertThat(check(new AggregateGates(encoding, members), sum)).isEmpty();
    AggregateDecoder decoder = new AggregateDecoder(encoding, SampleRound.ECTX, sum);
    assertThat(decoder.weight()).isEqualTo((long) members * weight);
    assertThat(decoder.metrics().get(0)).isCloseTo(100, within(1e-9));
    assertThat(decoder.metrics().get(1)).isCloseTo(-1, within(1e-12));
  }

  @Test
  void new_tooManyMembersOrTooLargeWeights_isRefused() {
    EncodingRules light = new EncodingRules(1, 1, 511, 1);
    assertThat(new UpdateEncoding(9, 64, Ring.Z16, light, List.of()).ringBound()).isEqualTo(511);
    assertThatThrownBy(() -> new UpdateEncoding(9, 65, Ring.Z16, light, List.of()))
        .hasMessage("the ring of 2^16 holds sums of at most 64 members, not 65");
    EncodingRules heavy = new EncodingRules(1, 1, 512, 1);
    assertThatThrownBy(() -> new UpdateEncoding(9, 64, Ring.Z16, heavy, List.of()))
        .hasMessage("largest weight must be from 1 to 511, not 512");
  }

  /** Two bytes an element, and a chunk is half as many bytes. */
  @Test
  void chunking_narrowRing_hasElementsOfTwoBytes() {
    Chunking chunking = encoding(CHUNK + 5, 3).chunking();
    assertThat(chunking.sizeBytes(0)).isEqualTo(1 << 19);
    assertThat(chunking.sizeBytes(1)).isEqualTo(16);
  }

  /** The last piece straddles the last two chunks, whose averages agree with one another. */
  @ParameterizedTest
  @ValueSource(
      ints = {CHUNK - 3, CHUNK - 2, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK + 9})
  void averages_pieceAcrossChunks_areThoseOfTheUpdate(int parameters) {
    UpdateEncoding encoding = encoding(parameters, 3);
    FloatVector delta = update(Form.GAUSSIAN, parameters, new Random(parameters));
    EncodedUpdate update = encode(encoding, delta, encoding.rules().maxWeight(), 1);
    double[] averages = averages(encoding, update);
    double[] errors = new double[parameters];
    for (int i = 0; i < parameters; i++) {
      errors[i] = averages[i] - delta.get(i);
    }
    assertThat(length(errors))
        .isLessThan(1.1 * Math.sqrt(parameters) / 2 / encoding.parameterScale());
  }

  @Test
  void read_sameUpdateTwice_isTheSameVector() {
    UpdateEncoding encoding = encoding(CHUNK + 77, 3);
    FloatVector delta = update(Form.SPIKY, CHUNK + 77, new Random(2));
    EncodedUpdate update = encode(encoding, delta, 100, 1);
    int[] last = update.read(1);
    update.read(0);
    assertThat(update.read(1)).isEqualTo(last);
  }

  /** Updates of length C: the default's bound holds, so that nothing is clamped. */
  private static UpdateEncoding encoding(int parameters, int members) {
    double max = HadamardRotation.likelyMaxAbs(parameters, CLIP_NORM);
    int weight = Math.min(1024, EncodingRules.maxWeight(Ring.Z16, members));
    return new UpdateEncoding(
        parameters, members, Ring.Z16, new EncodingRules(CLIP_NORM, max, weight, 1), METRICS);
  }

  private static FloatVector update(Form form, int parameters, Random random) {
    float[] values = new float[parameters];
    switch (form) {
      case GAUSSIAN -> {
        for (int i = 0; i < parameters; i++) {
          values[i] = (float) (random.nextGaussian() * CLIP_NORM / Math.sqrt(parameters));
        }
      }
      case CONSTANT ->
          Arrays.fill(values, (float) (random.nextDouble() * 20 / Math.sqrt(parameters)));
      case SPIKY -> values[random.nextInt(parameters)] = (float) CLIP_NORM;
    }
    FloatVector delta = FloatVector.of(values);
    double norm = UpdateEncoder.normL2(delta);
    for (int i = 0; norm > CLIP_NORM && i < parameters; i++) {
      values[i] *= (float) (0.999 * CLIP_NORM / norm);
    }
    return FloatVector.of(values);
  }

  private static EncodedUpdate encode(
      UpdateEncoding encoding, FloatVector delta, long weight, int site) {
    return encoded(
        UpdateEncoder.encode(
            encoding, new LocalUpdate(delta, weight, List.of(1.0, 0.5)), key(site)));
  }

  private static RoundingKey key(int site) {
    return new RoundingKey(SampleRound.run(site, 32), SampleRound.ECTX);
  }

  private static EncodedUpdate encoded(EncodingResult result) {
    return ((EncodingResult.Encoded) result).update();
  }

  private static void add(int[] total, EncodedUpdate update) {
    for (long chunk = 0; chunk < update.chunking().chunkCount(); chunk++) {
      int first = (int) update.chunking().firstElement(chunk);
      int[] x = update.read(chunk);
      for (int i = 0; i < x.length; i++) {
        total[first + i] += x[i];
      }
    }
  }

  private static double[] averages(UpdateEncoding encoding, IntChunks sum) {
    AggregateDecoder decoder = new AggregateDecoder(encoding, SampleRound.ECTX, sum);
    double[] averages = new double[(int) encoding.parameterCount()];
    int done = 0;
    for (long chunk = 0; chunk < encoding.chunking().chunkCount(); chunk++) {
      double[] part = decoder.averages(chunk);
      System.arraycopy(part, 0, averages, done, part.length);
      done += part.length;
    }
    assertThat(done).isEqualTo(averages.length);
    return averages;
  }

  private static void rotate(double[] values) {
    HadamardRotation rotation = new HadamardRotation(values.length, SampleRound.ECTX);
    for (long piece = 0; piece < rotation.pieceCount(); piece++) {
      int first = (int) rotation.firstElement(piece);
      double[] part = Arrays.copyOfRange(values, first, first + rotation.elementsIn(piece));
      rotation.rotate(piece, part);
      System.arraycopy(part, 0, values, first, part.length);
    }
  }

  private static double length(double... values) {
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }

  private static Optional<AggregateGates.Failure> check(AggregateGates gates, IntChunks sum) {
    AggregateGates.Progress progress = AggregateGates.Progress.START;
    for (long chunk = 0; chunk < sum.chunking().chunkCount(); chunk++) {
      progress = gates.take(progress, chunk, sum.read(chunk));
    }
    return gates.finish(progress);
  }

  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Sum(Chunking chunking, int[] elements) implements IntChunks {
    @Override
    public int[] read(long chunk) {
      int first = (int) chunking.firstElement(chunk);
      return Arrays.copyOfRange(elements, first, first + chunking.elementsIn(chunk));
    }
  }
}
