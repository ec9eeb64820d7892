package org.hanse.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.hanse.core.plan.Bytes;
import org.junit.jupiter.api.Test;

final class FieldsTest {
  @Test
  void toByteArray_everyKind_isLengthThenBigEndianContent() {
    Fields fields =
        new Fields()
            .u8(255)
            .u32(0xffff_fffeL)
            .u64(-2)
            .text("h\u00e9")
            .bytes(new byte[] {7})
            .bytes(Bytes.of())
            .secret(SecretBytes.copyOf(new byte[] {9, 8}));
    assertThat(HexFormat.of().formatHex(fields.toByteArray()))
        .isEqualTo(
            "00000001ff"
                + "00000004fffffffe"
                + "00000008fffffffffffffffe"
                + "0000000368c3a9"
                + "0000000107"
                + "00000000"
                + "000000020908");
  }

  @Test
  void toByteArray_calledTwice_givesTheSame() {
    Fields fields = new Fields().text("a").u8(1);
    assertThat(fields.toByteArray()).isEqualTo(fields.toByteArray());
    assertThat(LabelledHash.hash("l", fields)).isEqualTo(LabelledHash.hash("l", fields));
  }

  @Test
  void bytes_sameContentAsArrayHeapAndNativeSegment_hashesAlike() {
    byte[] content = {1, 2, 3, 4, 5};
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment offHeap = arena.allocate(content.length);
      offHeap.copyFrom(MemorySegment.ofArray(content));
      Bytes expected = LabelledHash.leaf("x", new Fields().bytes(content)).bytes();
      assertThat(LabelledHash.leaf("x", new Fields().bytes(offHeap)).bytes()).isEqualTo(expected);
      assertThat(LabelledHash.leaf("x", new Fields().bytes(MemorySegment.ofArray(content))).bytes())
          .isEqualTo(expected);
      assertThat(LabelledHash.leaf("x", new Fields().bytes(Bytes.of(content))).bytes())
          .isEqualTo(expected);
    }
  }

  @Test
  void bytes_segmentOfOtherArray_isRefused() {
    assertThatThrownBy(() -> new Fields().bytes(MemorySegment.ofArray(new int[2])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void integers_endsOfTheirRange_areTaken() {
    Fields fields = new Fields().u8(0).u32(0).u32(0xffff_ffffL);
    assertThat(HexFormat.of().formatHex(fields.toByteArray()))
        .isEqualTo("0000000100" + "0000000400000000" + "00000004ffffffff");
  }

  @Test
  void integers_outOfRange_areRefused() {
    assertThatThrownBy(() -> new Fields().u8(256)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Fields().u8(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Fields().u32(1L << 32))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Fields().u32(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
