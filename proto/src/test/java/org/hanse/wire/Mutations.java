package org.hanse.wire;

import java.util.Arrays;
import java.util.Random;

/** Damages bytes the way a broken or hostile peer might. */
final class Mutations {
  private Mutations() {}

  static byte[] mutate(byte[] original, Random random) {
    byte[] bytes = original.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      bytes = once(bytes, random);
    }
    return bytes;
  }

  private static byte[] once(byte[] bytes, Random random) {
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt(256)};
    }
    int at = random.nextInt(bytes.length);
    return switch (random.nextInt(5)) {
      case 0 -> { // one bit flipped
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        yield bytes;
      }
      case 1 -> { // one byte replaced
        bytes[at] = (byte) random.nextInt(256);
        yield bytes;
      }
      case 2 -> Arrays.copyOf(bytes, at); // the end cut off
      case 3 -> splice(bytes, at, new byte[0], 1); // one byte removed
      default -> { // a piece repeated
        int end = Math.min(bytes.length, at + 1 + random.nextInt(40));
        yield splice(bytes, at, Arrays.copyOfRange(bytes, at, end), 0);
      }
    };
  }

  private static byte[] splice(byte[] bytes, int at, byte[] insert, int removed) {
    byte[] result = Arrays.copyOf(bytes, bytes.length + insert.length - removed);
    System.arraycopy(insert, 0, result, at, insert.length);
    System.arraycopy(bytes, at + removed, result, at + insert.length, bytes.length - at - removed);
    return result;
  }
}
