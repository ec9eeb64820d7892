package org.hanse.core.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LittleEndianTest {
  @Test
  void bytes_elements_leastSignificantByteFirst() {
    assertThat(LittleEndian.bytes(new int[] {0x04030201, -2}, 4))
        .containsExactly(1, 2, 3, 4, 0xfe, 0xff, 0xff, 0xff);
    assertThat(LittleEndian.bytes(new int[] {0x0201, -2, 0x7fff, -0x8000}, 2))
        .containsExactly(1, 2, 0xfe, 0xff, 0xff, 0x7f, 0, 0x80);
    assertThat(LittleEndian.bytes(new int[0], 4)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void elements_ofBytes_areTheSameWithTheirSigns(int elementBytes) {
    int most = elementBytes == 2 ? Short.MAX_VALUE : Integer.MAX_VALUE;
    int[] elements = {0, 1, -1, 258, -258, most, -most, -most - 1};

    assertThat(LittleEndian.elements(LittleEndian.bytes(elements, elementBytes), elementBytes))
        .isEqualTo(elements);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void addTo_elements_areAddedWithTheirSigns(int elementBytes) {
    int[] elements = {0, 1, -1, 30_000, -30_000, 32_767, -32_768};
    int[] sum = {5, 5, 5, 30_000, -30_000, 5, -5};

    LittleEndian.addTo(sum, LittleEndian.bytes(elements, elementBytes), elementBytes);

    assertThat(sum).containsExactly(5, 6, 4, 60_000, -60_000, 32_772, -32_773);
  }

  @Test
  void elements_bytesOfNoWholeElementOrNoRing_areRefused() {
    assertThatThrownBy(() -> LittleEndian.elements(new byte[6], 4))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LittleEndian.elements(new byte[3], 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LittleEndian.elements(new byte[8], 8))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LittleEndian.bytes(new int[1], 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LittleEndian.addTo(new int[1], new byte[8], 8))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
