package org.hanse.core.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.crypto.MaskStream;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.testing.SampleRound;
import org.hanse.core.testing.VectorFile;
import org.hanse.core.testing.VectorFile.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HadamardRotationTest {
  private static final int BLOCK = 1 << 18;

  @Test
  void pieces_everyLength_coverEveryElementOnce() {
    for (long length = 1; length <= 300; length++) {
      assertPieces(length);
    }
    for (long length :
        new long[] {BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK - 1, 2 * BLOCK, 5L * BLOCK + 7}) {
      assertPieces(length);
    }
  }

  private static void assertPieces(long length) {
    HadamardRotation rotation = rotation(length);
    int block = HadamardRotation.blockElements(length);
    assertThat(Integer.bitCount(block)).isEqualTo(1);
    assertThat(block).isEqualTo((int) Math.min(BLOCK, Long.highestOneBit(length)));
    long next = 0;
    for (long piece = 0; piece < rotation.pieceCount(); piece++) {
      assertThat(rotation.firstElement(piece)).isEqualTo(next);
      assertThat(rotation.pieceOf(next)).isEqualTo(piece);
      next += rotation.elementsIn(piece);
      assertThat(rotation.pieceOf(next - 1)).isEqualTo(piece);
      boolean last = piece == rotation.pieceCount() - 1;
      assertThat(rotation.elementsIn(piece)).isBetween(block, last ? 2 * block - 1 : block);
    }
    assertThat(next).isEqualTo(length);
  }

  @Test
  void restore_everyLength_givesTheVectorAgainAndKeepsItsNorm() {
    for (int length = 1; length <= 300; length++) {
      assertRestores(length, 0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "262143, 0", "262144, 0", "262145, 0", "393216, 0", "524287, 0",
    "524288, 1", "524289, 1", "786431, 1", "1000000, 2", "17039361, 63"
  })
  void restore_lengthsAroundTheLargestBlock_givesTheVectorAgain(long length, long piece) {
    assertRestores(length, piece);
  }

  private static void assertRestores(long length, long piece) {
    HadamardRotation rotation = rotation(length);
    double[] values = gaussian(rotation.elementsIn(piece), length);
    double[] rotated = values.clone();
    rotation.rotate(piece, rotated);
    double norm = norm(values);
    assertThat(norm(rotated)).isCloseTo(norm, within(1e-12 * norm));
    rotation.restore(piece, rotated);
    for (int i = 0; i < values.length; i++) {
      if (Math.abs(rotated[i] - values[i]) > 1e-12 * norm) {
        throw new AssertionError("element " + i + " of " + length);
      }
    }
  }

  /** The transform as its definition says, with the signs drawn word by word. */
  @Test
  void rotate_everySmallLength_isTheNaiveTransform() {
    for (int length = 1; length <= 70; length++) {
      HadamardRotation rotation = rotation(length);
      double[] values = gaussian(length, 7L * length);
      double[] expected = values.clone();
      int block = Integer.highestOneBit(length);
      naiveStep(expected, 0, block, 0);
      if (length > block) {
        naiveStep(expected, length - block, block, 1);
      }
      rotation.rotate(0, values);
      for (int i = 0; i < length; i++) {
        assertThat(values[i]).isCloseTo(expected[i], within(1e-13 * length));
      }
    }
  }

  /** Multiplies by the matrix of entries sign_j (-1)^popcount(i and j) / sqrt(b). */
  private static void naiveStep(double[] values, int offset, int block, int step) {
    double[] signed = new double[block];
    for (int j = 0; j < block; j++) {
      signed[j] = sign(step, offset + j) * values[offset + j];
    }
    for (int i = 0; i < block; i++) {
      double sum = 0;
      for (int j = 0; j < block; j++) {
        sum += (Integer.bitCount(i & j) % 2 == 0 ? 1 : -1) * signed[j];
      }
      values[offset + i] = sum / Math.sqrt(block);
    }
  }

  private static int sign(int step, long element) {
    int[] word = new int[1];
    new MaskStream(segment ->
        SecretBytes.copyOf(
            LabelledHash.hash(
                    "flsa1/signs", new Fields().hash(SampleRound.ECTX).u8(step).u64(segment))
                .bytes()
                .toByteArray()))
        .add(word, element);
    return word[0] >>> 31 == 0 ? 1 : -1;
  }

  @Test
  void rotate_unitVectors_areOrthonormalColumns() {
    for (int length = 1; length <= 33; length++) {
      double[][] columns = new double[length][length];
      for (int j = 0; j < length; j++) {
        columns[j][j] = 1;
        rotation(length).rotate(0, columns[j]);
      }
      for (int j = 0; j < length; j++) {
        for (int k = 0; k < length; k++) {
          double product = 0;
          for (int i = 0; i < length; i++) {
            product += columns[j][i] * columns[k][i];
          }
          assertThat(product).isCloseTo(j == k ? 1 : 0, within(1e-14 * length));
        }
      }
    }
  }

  /**
   * One coordinate of length 1 ends below sqrt(2 ln(2m 2^20) / b) everywhere: by the bound that the
   * largest coordinate's default is made from. Had the second step no signs, elements of the
   * overlap would come back almost as they were.
   */
  @ParameterizedTest
  @CsvSource({
    "65537, 0",
    "65537, 1",
    "65537, 65535",
    "65537, 65536",
    "98304, 100",
    "98304, 50000",
    "98304, 98303",
    "131071, 0",
    "131071, 65535",
    "131071, 131070"
  })
  void rotate_oneHotVector_isSpreadInTheOverlapToo(int length, int index) {
    double[] values = new double[length];
    values[index] = 1;
    rotation(length).rotate(0, values);
    double bound = Math.sqrt(2 * Math.log(2.0 * length * 0x1p20) / 65_536);
    assertThat(Arrays.stream(values).map(Math::abs).max().getAsDouble()).isLessThan(bound);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 10, 10",
    "8, 10, 10",
    "4538, 10, 1.0592",
    "1000000, 10, 0.1471",
    "1000000, 1, 0.01471",
    "10000000, 10, 0.1530",
    "137438953472, 10, 0.1751"
  })
  void likelyMaxAbs_lengthAndNorm_giveTheBound(long length, double norm, double bound) {
    assertThat(HadamardRotation.likelyMaxAbs(length, norm)).isCloseTo(bound, within(1e-4 * norm));
  }

  @Test
  void rotate_constantVector_isSpread() {
    double[] values = new double[BLOCK + 5];
    Arrays.fill(values, 1 / Math.sqrt(values.length));
    rotation(values.length).rotate(0, values);
    double bound = Math.sqrt(2 * Math.log(2.0 * values.length * 0x1p20) / BLOCK);
    assertThat(Arrays.stream(values).map(Math::abs).max().getAsDouble()).isLessThan(bound);
  }

  /** Each piece, each step and each round has signs of its own. */
  @Test
  void rotate_otherPieceStepOrRound_hasOtherSigns() {
    Hash other = LabelledHash.sha256(new byte[1]);
    Set<Integer> seen = new HashSet<>();
    HadamardRotation rotation = rotation(3L * BLOCK);
    for (long piece = 0; piece < 3; piece++) {
      double[] values = gaussian(BLOCK, 1);
      rotation.rotate(piece, values);
      seen.add(Arrays.hashCode(values));
    }
    double[] values = gaussian(BLOCK, 1);
    new HadamardRotation(3L * BLOCK, other).rotate(0, values);
    seen.add(Arrays.hashCode(values));
    assertThat(seen).hasSize(4);
  }

  /** Bit for bit what another implementation computed. */
  @Test
  void rotate_sampleVectors_haveTheGoldenBits() {
    Vector vector = VectorFile.read("flsa1-z16.txt", "rotation");
    Hash context = VectorFile.read("flsa1-z16.txt", "context").hash("ectx");
    double[] values = doubles(vector.text("vector"));
    new HadamardRotation(values.length, context).rotate(0, values);
    assertThat(values).containsExactly(doubles(vector.text("rotated")));
    long blocks = 64L * BLOCK + 77;
    assertThat(rotatedSample(context, BLOCK + 1000, 0)).isEqualTo(vector.hash("block-and-1000"));
    assertThat(rotatedSample(context, blocks, 62))
        .isEqualTo(vector.hash("piece-62-of-64-blocks-and-77"));
    // Beyond the first segment of the signs.
    assertThat(rotatedSample(context, blocks + 2L * BLOCK, 65))
        .isEqualTo(vector.hash("last-of-66-blocks-and-77"));
  }

  private static double[] doubles(String text) {
    return Arrays.stream(text.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
  }

  private static Hash rotatedSample(Hash context, long length, long piece) {
    HadamardRotation rotation = new HadamardRotation(length, context);
    double[] values = new double[rotation.elementsIn(piece)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (7919L * i % 1009 - 504) / 64.0;
    }
    rotation.rotate(piece, values);
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    return LabelledHash.sha256(bytes.array());
  }

  @Test
  void any_noSuchPieceOrLength_isRefused() {
    HadamardRotation rotation = rotation(3L * BLOCK);
    assertThatThrownBy(() -> rotation(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> rotation.firstElement(3)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> rotation.elementsIn(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> rotation.pieceOf(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> rotation.pieceOf(3L * BLOCK))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> rotation.rotate(0, new double[BLOCK - 1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> rotation.restore(2, new double[BLOCK + 1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void rotate_zeros_areZeros(long length) {
    double[] values = new double[(int) length];
    rotation(length).rotate(0, values);
    for (double value : values) {
      assertThat(value == 0).isTrue();
    }
  }

  private static HadamardRotation rotation(long length) {
    return new HadamardRotation(length, SampleRound.ECTX);
  }

  private static double[] gaussian(int length, long seed) {
    Random random = new Random(seed);
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextGaussian();
    }
    return values;
  }

  private static double norm(double... values) {
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }
}
