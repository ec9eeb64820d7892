package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.hanse.core.crypto.MaskStream;
import org.hanse.core.crypto.Mersenne61;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.IntVector;
import org.hanse.core.secagg.SimulatedSite;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.UploadBytes;
import org.hanse.core.secagg.mask.MaskSeed;
import org.hanse.core.secagg.mask.MaskSet;
import org.hanse.core.secagg.mask.TagKey;
import org.hanse.core.vector.Chunking;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadMaskerTest {
  private static final Hash CONTEXT = TestConsortium.hash("context");
  private static final Fingerprint SITE = TestConsortium.signingKey("site").fingerprint();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 64, 5_000})
  void maskAll_anyChunkSize_sameBytesInARow(int chunkElements) {
    IntVector update = random(5_000, chunkElements);
    List<byte[]> chunks = SimulatedSite.chunks(masker(CONTEXT, update), update);

    assertThat(chunks).hasSize(Math.ceilDiv(5_000, chunkElements));
    assertThat(joined(chunks)).isEqualTo(joined(5_000, 5_000));
  }

  private static int[] joined(int size, int chunkElements) {
    IntVector update = random(size, chunkElements);
    return joined(SimulatedSite.chunks(masker(CONTEXT, update), update));
  }

  private static int[] joined(List<byte[]> chunks) {
    return UploadBytes.ints(chunks);
  }

  @Test
  void maskAll_tags_areNaiveDotProductsPlusPadsAndMasks() {
    IntVector update = random(1_000, 300);
    TagKey key = tagKey();
    MaskSet masks = masks(Suite.FLSA1, CONTEXT);

    SiteInput.UploadSummary summary = masker(CONTEXT, update).maskAll(update, (chunk, bytes) -> {});

    long[] expected = new long[TagKey.TAGS];
    for (int tag = 0; tag < TagKey.TAGS; tag++) {
      MaskStream words = key.words(tag);
      for (int i = 0; i < 1_000; i++) {
        long product = Mersenne61.multiply(words.word61(i), Mersenne61.reduce(update.get(i)));
        expected[tag] = Mersenne61.add(expected[tag], product);
      }
      expected[tag] = Mersenne61.add(expected[tag], key.pad(SITE, tag));
      expected[tag] = Mersenne61.add(expected[tag], masks.tagMask(tag));
    }
    assertThat(new long[] {summary.tag0(), summary.tag1()}).isEqualTo(expected);
    assertThat(summary.chunkCount()).isEqualTo(4);
  }

  @Test
  void maskedChunk_afterMaskAll_sameBytes() {
    IntVector update = random(1_000, 300);
    UploadMasker masker = masker(CONTEXT, update);
    List<byte[]> chunks = SimulatedSite.chunks(masker, update);

    for (int chunk = 0; chunk < chunks.size(); chunk++) {
      assertThat(masker.maskedChunk(update, chunk)).isEqualTo(chunks.get(chunk));
    }
    assertThat(joined(SimulatedSite.chunks(masker, update))).isEqualTo(joined(chunks));
  }

  @Test
  void maskAll_anotherVectorUnderTheSameMasks_refusedBeforeAnyChunkLeaves() {
    IntVector update = random(1_000, 300);
    IntVector other = update.with(17, update.get(17) + 1);
    UploadMasker masker = masker(CONTEXT, update);
    SimulatedSite.chunks(masker, update);
    List<Long> left = new ArrayList<>();

    assertThatThrownBy(() -> masker.maskAll(other, (chunk, bytes) -> left.add(chunk)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> masker.maskedChunk(other, 0))
        .isInstanceOf(IllegalStateException.class);

    assertThat(left).isEmpty();
  }

  @Test
  void maskAll_updateCutOtherwise_ourBug() {
    UploadMasker masker = masker(CONTEXT, random(1_000, 300));

    assertThatThrownBy(() -> masker.maskAll(random(1_000, 200), (chunk, bytes) -> {}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> masker.maskedChunk(random(999, 300), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void maskAll_longerVector_refusedBeforeAnyChunkLeaves() {
    UploadMasker masker = masker(CONTEXT, random(1_000, 300));
    List<Long> left = new ArrayList<>();

    assertThatThrownBy(() -> masker.maskAll(random(1_300, 300), (chunk, bytes) -> left.add(chunk)))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(left).isEmpty();
  }

  @Test
  void maskAll_erasedInTheMiddle_noFurtherChunk() {
    IntVector update = random(1_000, 300);
    UploadMasker masker = masker(CONTEXT, update);
    List<Long> left = new ArrayList<>();

    assertThatThrownBy(() ->
            masker.maskAll(
                update,
                (chunk, bytes) -> {
                  left.add(chunk);
                  masker.erase();
                }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(left).containsExactly(0L);
    assertThatThrownBy(() -> masker.maskedChunk(update, 1))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void maskAll_suiteWithoutMasks_vectorInTheClearButTagsMasked() {
    IntVector update = random(1_000, 300);
    UploadMasker plain =
        new UploadMasker(CONTEXT, SITE, update.chunking(), masks(Suite.PLAIN, CONTEXT), tagKey());
    UploadMasker masked = masker(CONTEXT, update);

    assertThat(joined(SimulatedSite.chunks(plain, update))).isEqualTo(update.elements());
    assertThat(plain.maskAll(update, (chunk, bytes) -> {}).tag0())
        .isEqualTo(masked.maskAll(update, (chunk, bytes) -> {}).tag0());
  }

  private static UploadMasker masker(Hash context, IntVector update) {
    Chunking chunking = update.chunking();
    return new UploadMasker(context, SITE, chunking, masks(Suite.FLSA1, context), tagKey());
  }

  private static MaskSet masks(Suite suite, Hash context) {
    return new MaskSet(
        suite,
        List.of(
            MaskSeed.self(context, SITE, TestConsortium.secret("b")),
            MaskSeed.self(context, SITE, TestConsortium.secret("pair 1"))),
        List.of(MaskSeed.self(context, SITE, TestConsortium.secret("pair 2"))));
  }

  private static TagKey tagKey() {
    SecretBytes part = TestConsortium.secret("k");
    return TagKey.of(CONTEXT, TestConsortium.hash("U2"), List.of(part));
  }

  private static IntVector random(int size, int chunkElements) {
    return new IntVector(new Random(5).ints(size).toArray(), chunkElements);
  }
}
