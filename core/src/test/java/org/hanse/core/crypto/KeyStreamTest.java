package org.hanse.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import org.hanse.core.testing.SampleRound;
import org.hanse.core.testing.VectorFile;
import org.hanse.core.testing.VectorFile.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyStreamTest {
  private final SecretBytes key = SampleRound.run(3, 32);

  @Test
  void next_nistVector_givesPlaintextXorCiphertext() {
    Vector vector = VectorFile.read("aes-256-ctr.txt", "f.5.5");
    byte[] expected = vector.array("ciphertext");
    byte[] plaintext = vector.array("plaintext");
    for (int i = 0; i < expected.length; i++) {
      expected[i] ^= plaintext[i];
    }
    byte[] stream = new byte[expected.length];
    new KeyStream(vector.secret("key"), vector.array("counter")).next(stream, stream.length);
    assertThat(stream).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 4, 15, 16, 17, 4095, 16_380, 16_384, 20_000})
  void from_anyByte_continuesTheSameStream(long firstByte) {
    byte[] whole = new byte[KeyStream.TILE_BYTES];
    KeyStream fromStart = KeyStream.from(key, 0);
    byte[] all = new byte[2 * KeyStream.TILE_BYTES];
    for (int i = 0; i < 2; i++) {
      fromStart.next(whole, whole.length);
      System.arraycopy(whole, 0, all, i * whole.length, whole.length);
    }
    byte[] part = new byte[333];
    KeyStream.from(key, firstByte).next(part, part.length);
    assertThat(part)
        .isEqualTo(Arrays.copyOfRange(all, (int) firstByte, (int) firstByte + part.length));
  }

  /** Positions beyond 2^32 bytes carry into the counter's upper half word. */
  @Test
  void from_farPosition_equalsCounterOfThatBlock() {
    byte[] counter = new byte[16];
    counter[10] = 1;
    byte[] expected = new byte[32];
    new KeyStream(key, counter).next(expected, expected.length);
    byte[] actual = new byte[32];
    KeyStream.from(key, 16L << 40).next(actual, actual.length);
    assertThat(actual).isEqualTo(expected);
  }

  @Test
  void providerName_always_isThePlatforms() {
    assertThat(KeyStream.from(key, 0).providerName()).isEqualTo("SunJCE");
  }

  @Test
  void from_keyOfOtherSize_isRefused() {
    SecretBytes shortKey = SampleRound.run(3, 16);
    assertThatThrownBy(() -> KeyStream.from(shortKey, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void next_moreThanTheTile_isRefused() {
    assertThatThrownBy(() -> KeyStream.from(key, 0).next(new byte[8], 16))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A tenth of what a current machine does: tells the compiled path from a fallback. */
  @Test
  void next_warm_makesAtLeastOneGigabyteACpuSecond() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    byte[] tile = new byte[KeyStream.TILE_BYTES];
    double best = 0;
    for (int pass = 0; pass < 400 && best < 1; pass++) {
      KeyStream stream = KeyStream.from(key, 0);
      long start = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < 1000; i++) {
        stream.next(tile, tile.length);
      }
      long nanos = threads.getCurrentThreadCpuTime() - start;
      best = Math.max(best, 1000.0 * tile.length / nanos);
    }
    assertThat(best).as("GB per CPU second").isGreaterThan(1);
  }
}
