package org.hanse.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Ring;
import org.hanse.core.testing.SampleRound;
import org.hanse.core.testing.VectorFile;
import org.hanse.core.testing.VectorFile.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MaskStreamTest {
  private final Vector masks = VectorFile.read("flsa1.txt", "masks");
  private final MaskStream stream = new MaskStream(MaskStreamTest::key);

  @Test
  void add_samplePairAndSelf_giveTheirWords() {
    int[] pair = new int[4];
    SampleRound.pairStream("vec").add(pair, 0);
    assertThat(pair).isEqualTo(masks.ints("pair-ints"));
    assertThat(Bytes.of(littleEndian(pair))).isEqualTo(masks.bytes("pair-stream"));
    int[] self = new int[4];
    SampleRound.selfStream("vec").add(self, 0);
    assertThat(self).isEqualTo(masks.ints("self-ints"));
  }

  @Test
  void add_sampleUpdateOfA_givesItsUploadAndRoot() {
    int[] upload = Arrays.stream(tagVector().longs("vector")).mapToInt(Math::toIntExact).toArray();
    new MaskSum(
            Ring.Z32,
            List.of(SampleRound.selfStream("vec"), SampleRound.pairStream("vec")),
            List.of())
        .addTo(upload, 0);
    byte[] bytes = littleEndian(upload);
    assertThat(Bytes.of(bytes)).isEqualTo(masks.bytes("masked-bytes"));
    List<Hash> leaves = new ArrayList<>();
    for (int start = 0; start < bytes.length; start += 8) {
      int end = Math.min(start + 8, bytes.length);
      leaves.add(
          LabelledHash.leaf(
              "flsa1/chunk",
              new Fields()
                  .hash(SampleRound.CTX)
                  .fingerprint(SampleRound.SITE_A)
                  .u64(leaves.size())
                  .bytes(MemorySegment.ofArray(bytes).asSlice(start, end - start))));
    }
    assertThat(leaves).hasSize(3);
    assertThat(leaves.getFirst()).isEqualTo(masks.hash("leaf-0"));
    assertThat(MerkleTree.root(leaves)).isEqualTo(masks.hash("root"));
  }

  @Test
  void word61_sampleTagLane_givesItsWords() {
    assertThat(words(SampleRound.selfStream("tag"), 0, 2))
        .isEqualTo(tagVector().longs("self-words"));
    assertThat(words(SampleRound.pairStream("tag"), 0, 2))
        .isEqualTo(tagVector().longs("pair-words"));
    assertThat(SampleRound.pairStream("tag").word61(1))
        .isEqualTo(tagVector().longs("pair-words")[1]);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4095, 4096, 4097, 8192, 10_000})
  void add_anyLengthAndPosition_equalsNaiveStream(int length) {
    for (long first : new long[] {0, 1, 5, 4096, 12_345}) {
      int[] expected = naiveInts(first, length);
      int[] actual = new int[length];
      stream.add(actual, first);
      assertThat(actual).as("%d words from %d", length, first).isEqualTo(expected);
    }
  }

  @Test
  void add_acrossSegments_takesEachSegmentsKey() {
    long first = 2 * MaskStream.SEGMENT_WORDS - 4100;
    int[] actual = new int[9000];
    stream.add(actual, first);
    assertThat(actual).isEqualTo(naiveInts(first, actual.length));
    long[] words = words(stream, first, 9000);
    assertThat(words).isEqualTo(naiveWords(first, words.length));
  }

  @Test
  void add_chunkByChunk_equalsOnePass() {
    int[] whole = new int[20_000];
    stream.add(whole, 700);
    int[] pieces = new int[20_000];
    for (int start = 0, size = 1; start < pieces.length; start += size, size = 3 * size + 1) {
      int[] piece = new int[Math.min(size, pieces.length - start)];
      stream.add(piece, 700L + start);
      System.arraycopy(piece, 0, pieces, start, piece.length);
    }
    assertThat(pieces).isEqualTo(whole);
  }

  @Test
  void maskSum_subtractedAfterAdd_givesTheElementsBack() {
    int[] elements = new Random(1).ints(10_000).toArray();
    int[] original = elements.clone();
    stream.add(elements, 99);
    assertThat(elements).isNotEqualTo(original);
    new MaskSum(Ring.Z32, List.of(), List.of(stream)).addTo(elements, 99);
    assertThat(elements).isEqualTo(original);
  }

  @Test
  void maskSum_subtractedFromZero_isTheNegatedStream() {
    int[] negated = new int[100];
    new MaskSum(Ring.Z32, List.of(), List.of(stream)).addTo(negated, 0);
    assertThat(negated).isEqualTo(Arrays.stream(naiveInts(0, 100)).map(word -> -word).toArray());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void maskSum_manyStreams_equalsOneByOne(long seed) {
    Random random = new Random(seed);
    List<MaskStream> added = streams(random, 1 + random.nextInt(4));
    List<MaskStream> subtracted = streams(random, random.nextInt(4));
    int[] elements = random.ints(5000 + random.nextInt(9000)).toArray();
    int[] expected = elements.clone();
    long first = MaskStream.SEGMENT_WORDS - random.nextInt(5000);
    added.forEach(each -> each.add(expected, first));
    subtracted.forEach(
        each -> new MaskSum(Ring.Z32, List.of(), List.of(each)).addTo(expected, first));
    new MaskSum(Ring.Z32, added, subtracted).addTo(elements, first);
    assertThat(elements).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 8191, 8192, 8193, 20_000})
  void maskSum_narrowRing_equalsNaiveStreamsOfInt16Words(int length) {
    MaskSum sum =
        new MaskSum(
            Ring.Z16,
            List.of(stream, SampleRound.selfStream("vec")),
            List.of(new MaskStream(MaskStreamTest::otherKey)));
    for (long first : new long[] {0, 1, 5, 8192, 12_345, 2 * MaskStream.SEGMENT_WORDS - 4100}) {
      // Any integers are representatives of elements, so the sums before need not be reduced.
      int[] elements = new Random(first).ints(length).toArray();
      int[] expected = new int[length];
      for (int i = 0; i < length; i++) {
        long word = first + i;
        long naive =
            elements[i]
                + naive(MaskStreamTest::key, word, Short.BYTES)
                + naive(segment -> SampleRound.selfKey("vec", segment), word, Short.BYTES)
                - naive(MaskStreamTest::otherKey, word, Short.BYTES);
        long modulo = Math.floorMod(naive, 65_536L);
        expected[i] = (int) (modulo > 32_767 ? modulo - 65_536 : modulo);
      }
      sum.addTo(elements, first);
      assertThat(elements).as("%d words from %d", length, first).isEqualTo(expected);
    }
  }

  @Test
  void maskSum_narrowRingWithoutStreams_givesSignedElements() {
    int[] elements = {0, 1, -1, 32_767, 32_768, -32_768, -32_769, 65_535, 65_536, 1 << 31};
    new MaskSum(Ring.Z16, List.of(), List.of()).addTo(elements, 0);
    assertThat(elements).containsExactly(0, 1, -1, 32_767, -32_768, -32_768, 32_767, -1, 0, 0);
  }

  @Test
  void words61_anyLengthAndPosition_equalNaiveWords() {
    for (int length : new int[] {0, 1, 2047, 2048, 2049, 5000}) {
      for (long first : new long[] {0, 1, 2048, 777}) {
        assertThat(words(stream, first, length)).isEqualTo(naiveWords(first, length));
      }
    }
    assertThat(stream.word61(777)).isEqualTo(naiveWords(777, 1)[0]);
  }

  @Test
  void open_key_isErasedAfterUse() {
    List<SecretBytes> given = new ArrayList<>();
    MaskStream recording =
        new MaskStream(segment -> {
          given.add(key(segment));
          return given.getLast();
        });
    recording.add(new int[10], MaskStream.SEGMENT_WORDS - 5);
    assertThat(given).hasSize(2).allMatch(SecretBytes::isErased);
  }

  @Test
  void add_negativePosition_isRefused() {
    assertThatThrownBy(() -> stream.add(new int[1], -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no word -1");
  }

  private static SecretBytes key(long segment) {
    return KeyDerivation.derive(
        SampleRound.run(9, 32), SampleRound.CTX, "test", new Fields().u64(segment));
  }

  private static SecretBytes otherKey(long segment) {
    return KeyDerivation.derive(
        SampleRound.run(99, 32), SampleRound.CTX, "test", new Fields().u64(segment));
  }

  private static Vector tagVector() {
    return VectorFile.read("flsa1.txt", "tag");
  }

  private static List<MaskStream> streams(Random random, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> {
          int first = random.nextInt(256);
          return new MaskStream(segment -> SampleRound.run(first + (int) segment, 32));
        })
        .toList();
  }

  private static long[] words(MaskStream stream, long first, int count) {
    long[] words = new long[count];
    stream.words61(first, words);
    return words;
  }

  private static byte[] littleEndian(int[] words) {
    ByteBuffer bytes =
        ByteBuffer.allocate(words.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(words);
    return bytes.array();
  }

  /** One word at a time, each from a stream of its own. */
  private static int[] naiveInts(long first, int count) {
    return LongStream.range(first, first + count)
        .mapToInt(word -> (int) naive(word, Integer.BYTES))
        .toArray();
  }

  private static long[] naiveWords(long first, int count) {
    return LongStream.range(first, first + count)
        .map(word -> naive(word, Long.BYTES) & Mersenne61.PRIME)
        .map(word -> word == Mersenne61.PRIME ? 0 : word)
        .toArray();
  }

  private static long naive(long word, int wordBytes) {
    return naive(MaskStreamTest::key, word, wordBytes);
  }

  private static long naive(LongFunction<SecretBytes> keys, long word, int wordBytes) {
    long segment = word >> 24;
    byte[] block = new byte[16];
    long position = (word & 0xff_ffff) * wordBytes;
    byte[] counter = ByteBuffer.allocate(16).putLong(8, position / 16).array();
    new KeyStream(keys.apply(segment), counter).next(block, block.length);
    ByteBuffer bytes = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    int offset = (int) (position % 16);
    return switch (wordBytes) {
      case Long.BYTES -> bytes.getLong(offset);
      case Integer.BYTES -> bytes.getInt(offset);
      default -> bytes.getShort(offset);
    };
  }
}
