package org.hanse.core.vector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LittleEndianTest {
  @Test
  void bytes_elements_leastSignificantByteFirst() {
    assertThat(LittleEndian.bytes(new int[] {0x04030201, -2}))
        .containsExactly(1, 2, 3, 4, 0xfe, 0xff, 0xff, 0xff);
    assertThat(LittleEndian.bytes(new int[0])).isEmpty();
  }
}
