package org.hanse.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.util.Arrays;
import java.util.HexFormat;
import org.hanse.core.secagg.RoundTranscript;
import org.junit.jupiter.api.Test;

class TranscriptMessagesTest {
  private final RoundTranscript transcript = new Samples(1).transcript();
  private final byte[] stored = TranscriptMessages.encode(transcript);

  @Test
  void encode_sampleOfSeedOne_isGolden() {
    String hex = HexFormat.of().formatHex(stored);

    assertThat(hex).isEqualTo(Golden.text("messages/transcript.hex", hex));
  }

  @Test
  void decode_encodedTranscript_isTheTranscript() {
    for (long seed = 0; seed < 25; seed++) {
      RoundTranscript one = new Samples(seed).transcript();

      assertThat(TranscriptMessages.decode(TranscriptMessages.encode(one))).isEqualTo(one);
    }
  }

  /** Whoever checks what a transcript says then checks every byte of it. */
  @Test
  void decode_anyByteChanged_isRefusedOrSaysSomethingElse() {
    for (int i = 0; i < stored.length; i++) {
      byte[] changed = stored.clone();
      changed[i] ^= (byte) (1 << (i % 8));
      try {
        assertThat(TranscriptMessages.decode(changed)).as("byte %d", i).isNotEqualTo(transcript);
      } catch (MalformedMessageException refused) {
        // As good.
      }
    }
  }

  @Test
  void decode_fieldThatNobodyKnows_isRefused() throws InvalidProtocolBufferException {
    byte[] more =
        org.hanse.proto.v1.RoundTranscript.parseFrom(stored).toBuilder()
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                    .build())
            .build()
            .toByteArray();

    assertRefused(more);
  }

  @Test
  void decode_cutOrEmptyOrGarbage_isRefused() {
    assertRefused(new byte[0]);
    assertRefused(Arrays.copyOf(stored, stored.length - 1));
    assertRefused(Arrays.copyOf(stored, stored.length + 1));
    assertRefused(new byte[] {(byte) 0xff, 1, 2});
  }

  private static void assertRefused(byte[] bytes) {
    assertThatThrownBy(() -> TranscriptMessages.decode(bytes))
        .isInstanceOf(MalformedMessageException.class);
  }
}
