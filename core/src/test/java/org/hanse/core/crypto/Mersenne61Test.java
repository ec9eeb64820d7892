package org.hanse.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.hanse.core.testing.SampleRound;
import org.hanse.core.testing.VectorFile;
import org.hanse.core.testing.VectorFile.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Mersenne61Test {
  private static final BigInteger P = BigInteger.TWO.pow(61).subtract(BigInteger.ONE);
  private static final long[] EDGES = {
    0, 1, 2, (1L << 31) - 1, 1L << 31, 1L << 60, Mersenne61.PRIME - 2, Mersenne61.PRIME - 1
  };

  @Test
  void reduce_anyLong_equalsBigInteger() {
    long[] extremes = {
      Long.MIN_VALUE,
      Long.MIN_VALUE + 1,
      -Mersenne61.PRIME - 1,
      -Mersenne61.PRIME,
      -1,
      0,
      Mersenne61.PRIME,
      Mersenne61.PRIME + 1,
      4 * Mersenne61.PRIME,
      Long.MAX_VALUE
    };
    LongStream.concat(Arrays.stream(extremes), new Random(1).longs(10_000))
        .forEach(value ->
            assertThat(Mersenne61.reduce(value))
                .isEqualTo(BigInteger.valueOf(value).mod(P).longValueExact()));
  }

  @Test
  void fromBits_allOnes_countsAsZero() {
    assertThat(Mersenne61.fromBits(-1)).isZero();
    assertThat(Mersenne61.fromBits(Mersenne61.PRIME)).isZero();
    assertThat(Mersenne61.fromBits(Mersenne61.PRIME - 1)).isEqualTo(Mersenne61.PRIME - 1);
    assertThat(Mersenne61.fromBits(1L << 61)).isZero();
  }

  @Test
  void isElement_border_excludesThePrime() {
    assertThat(Mersenne61.isElement(Mersenne61.PRIME - 1)).isTrue();
    assertThat(Mersenne61.isElement(Mersenne61.PRIME)).isFalse();
    assertThat(Mersenne61.isElement(-1)).isFalse();
    assertThat(Mersenne61.isElement(0)).isTrue();
  }

  @Test
  void operations_edgesAndRandom_equalBigInteger() {
    long[] elements =
        LongStream.concat(Arrays.stream(EDGES), new Random(2).longs(100, 0, Mersenne61.PRIME))
            .toArray();
    for (long a : elements) {
      for (long b : elements) {
        BigInteger x = BigInteger.valueOf(a);
        BigInteger y = BigInteger.valueOf(b);
        assertThat(Mersenne61.add(a, b)).isEqualTo(x.add(y).mod(P).longValueExact());
        assertThat(Mersenne61.subtract(a, b)).isEqualTo(x.subtract(y).mod(P).longValueExact());
        assertThat(Mersenne61.multiply(a, b)).isEqualTo(x.multiply(y).mod(P).longValueExact());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 1000, 4097})
  void dot_randomVectors_equalsBigInteger(int length) {
    Random random = new Random(length);
    long[] words = random.longs(length, 0, Mersenne61.PRIME).toArray();
    int[] values = random.ints(length).toArray();
    assertThat(Mersenne61.dot(words, values)).isEqualTo(naiveDot(words, values));
  }

  @Test
  void dot_extremes_equalsBigInteger() {
    for (int value : new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE, -1}) {
      int[] values = new int[3000];
      Arrays.fill(values, value);
      for (long edge : EDGES) {
        long[] words = new long[3000];
        Arrays.fill(words, edge);
        assertThat(Mersenne61.dot(words, values)).isEqualTo(naiveDot(words, values));
      }
    }
  }

  @Test
  void dot_lengthsDiffer_isRefused() {
    assertThatThrownBy(() -> Mersenne61.dot(new long[2], new int[3]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void linearTag_sampleUpdateOfA_givesItsProductPadAndTag(int j) {
    Vector vector = VectorFile.read("flsa1.txt", "tag");
    MaskStream r = sampleKey(vector.secret("key"), j);
    assertThat(new long[] {r.word61(0), r.word61(1)}).isEqualTo(vector.longs("r-" + j));
    int[] x = vector.ints("vector");
    long product = LinearTag.dot(r, x, 0);
    assertThat(product).isEqualTo(vector.longs("products")[j]);

    SecretBytes padBytes =
        KeyDerivation.derive(
            vector.secret("key"),
            SampleRound.CTX,
            "flsa1/pad",
            new Fields().fingerprint(SampleRound.SITE_A));
    long pad =
        Mersenne61.fromBits(
            java.nio.ByteBuffer.wrap(padBytes.toByteArray())
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .getLong(8 * j));
    assertThat(pad).isEqualTo(vector.longs("pad-a")[j]);

    long tag = Mersenne61.add(product, pad);
    tag = Mersenne61.add(tag, SampleRound.selfStream("tag").word61(j));
    tag = Mersenne61.add(tag, SampleRound.pairStream("tag").word61(j));
    assertThat(tag).isEqualTo(vector.longs("tag-a")[j]);
  }

  @Test
  void linearTag_chunkByChunk_addsUpToTheWhole() {
    MaskStream r = sampleKey(SampleRound.run(1, 32), 0);
    int[] x = new Random(5).ints(10_000).toArray();
    long[] words = new long[x.length];
    long first = MaskStream.SEGMENT_WORDS - 3000;
    r.words61(first, words);
    long whole = naiveDot(words, x);
    assertThat(LinearTag.dot(r, x, first)).isEqualTo(whole);
    long sum = 0;
    for (int start = 0; start < x.length; start += 1234) {
      int end = Math.min(start + 1234, x.length);
      long part = LinearTag.dot(r, Arrays.copyOfRange(x, start, end), first + start);
      sum = Mersenne61.add(sum, part);
    }
    assertThat(sum).isEqualTo(whole);
  }

  @Test
  void linearTag_oneElementChanged_changesTheProduct() {
    MaskStream r = sampleKey(SampleRound.run(1, 32), 0);
    int[] x = new Random(6).ints(100).toArray();
    long before = LinearTag.dot(r, x, 0);
    x[57]++;
    assertThat(LinearTag.dot(r, x, 0)).isNotEqualTo(before);
  }

  private static MaskStream sampleKey(SecretBytes k, int j) {
    return new MaskStream(segment ->
        KeyDerivation.derive(k, SampleRound.CTX, "flsa1/r", new Fields().u8(j).u64(segment)));
  }

  private static long naiveDot(long[] words, int[] values) {
    BigInteger sum = BigInteger.ZERO;
    for (int i = 0; i < words.length; i++) {
      sum = sum.add(BigInteger.valueOf(words[i]).multiply(BigInteger.valueOf(values[i])));
    }
    return sum.mod(P).longValueExact();
  }
}
