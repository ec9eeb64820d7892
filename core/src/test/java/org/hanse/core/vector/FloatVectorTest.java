package org.hanse.core.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

final class FloatVectorTest {
  @Test
  void segment_values_areLittleEndianFloat32() {
    FloatVector vector = FloatVector.of(1f, -0f);
    assertThat(vector.segment().toArray(ValueLayout.JAVA_BYTE))
        .containsExactly(0, 0, 0x80, 0x3f, 0, 0, 0, 0x80);
  }

  @Test
  void readAndWrite_inTheMiddle_moveThatStretchOnly() {
    FloatVector vector = FloatVector.of(0, 1, 2, 3, 4);
    float[] stretch = {9, 9, 9};
    vector.read(1, stretch, 2);
    assertThat(stretch).containsExactly(1, 2, 9);
    vector.write(3, stretch, 2);
    assertThat(vector.toArray()).containsExactly(0, 1, 2, 1, 2);
  }

  /** A chunk of the masked vector may hold no parameter at all. */
  @Test
  void readAndWrite_nothingBehindTheEnd_isAllowed() {
    FloatVector vector = FloatVector.of(1);
    vector.read(5, new float[0], 0);
    vector.write(5, new float[0], 0);
    assertThat(vector.toArray()).containsExactly(1);
  }

  @Test
  void readAndWrite_beyondTheEnd_areRefused() {
    FloatVector vector = FloatVector.allocate(3);
    float[] stretch = new float[4];
    assertThatThrownBy(() -> vector.read(1, stretch, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> vector.read(-1, stretch, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> vector.write(0, new float[1], 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> vector.get(3)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void allocate_aboveTheHeapThreshold_isOffHeapAndZero() {
    FloatVector big = FloatVector.allocate((64L << 20) / 4 + 1);
    assertThat(big.segment().isNative()).isTrue();
    assertThat(big.get(big.size() - 1)).isZero();
    big.set(big.size() - 1, 2.5f);
    assertThat(big.get(big.size() - 1)).isEqualTo(2.5f);
    assertThat(FloatVector.allocate(10).segment().isNative()).isFalse();
  }

  @Test
  void view_notAWholeNumberOfFloats_isRefused() {
    assertThatThrownBy(() -> FloatVector.view(MemorySegment.ofArray(new byte[6])))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
