package org.hanse.core.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkingTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 4", "3, 4", "4, 4", "5, 4", "8, 4", "9, 4", "1000, 7"})
  void chunks_anyLength_coverEveryElementOnce(long length, int chunkElements) {
    Chunking chunking = new Chunking(length, chunkElements);
    long next = 0;
    for (long chunk = 0; chunk < chunking.chunkCount(); chunk++) {
      assertThat(chunking.firstElement(chunk)).isEqualTo(next);
      assertThat(chunking.elementsIn(chunk)).isBetween(1, chunkElements);
      assertThat(chunking.sizeBytes(chunk)).isEqualTo(4 * chunking.elementsIn(chunk));
      next += chunking.elementsIn(chunk);
    }
    assertThat(next).isEqualTo(length);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void sizes_anyElement_areInBytes(int elementBytes) {
    Chunking chunking = new Chunking(9, 4, elementBytes);
    assertThat(chunking.sizeBytes(1)).isEqualTo(4 * elementBytes);
    assertThat(chunking.sizeBytes(2)).isEqualTo(elementBytes);
    assertThat(chunking.firstByte(2)).isEqualTo(8L * elementBytes);
    assertThat(chunking.lengthBytes()).isEqualTo(9L * elementBytes);
  }

  @Test
  void firstByte_beyondIntRange_isExact() {
    Chunking chunking = new Chunking(1L << 37, 1 << 18, 2);
    assertThat(chunking.firstByte((1L << 19) - 1)).isEqualTo((1L << 38) - (1L << 19));
    assertThat(chunking.lengthBytes()).isEqualTo(1L << 38);
  }

  @Test
  void firstElement_beyondIntRange_isExact() {
    Chunking chunking = new Chunking(1L << 37, 1 << 18);
    assertThat(chunking.chunkCount()).isEqualTo(1L << 19);
    assertThat(chunking.firstElement((1L << 19) - 1)).isEqualTo((1L << 37) - (1L << 18));
  }

  @Test
  void firstElement_noSuchChunk_isRefused() {
    Chunking chunking = new Chunking(5, 4);
    assertThatThrownBy(() -> chunking.firstElement(2)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> chunking.elementsIn(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void new_nothingToCut_isRefused() {
    assertThatThrownBy(() -> new Chunking(0, 4)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Chunking(4, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Chunking(4, 4, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
