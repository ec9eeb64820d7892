package org.hanse.core.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import org.hanse.core.plan.Ring;

/**
 * A seekable stream of pseudo-random words: AES-256-CTR over segments of 2^24 words, each under a
 * key of its own, so that any chunk can be made alone. A stream is read as words of one width, 16,
 * 32 or 61 bits, never of two. Holds no key itself; thread-safe if the key function is.
 */
public final class MaskStream {
  /** Words a key is used for, of whatever width: 64 MiB of 32-bit words. */
  public static final long SEGMENT_WORDS = 1L << 24;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** 61-bit words a tile. */
  static final int TILE_WORDS = KeyStream.TILE_BYTES / Long.BYTES;

  private final LongFunction<SecretBytes> segmentKey;

  /**
   * A stream under the keys of this function.
   *
   * @param segmentKey makes the key of a segment, 32 bytes; the stream erases what it was given
   */
  public MaskStream(LongFunction<SecretBytes> segmentKey) {
    this.segmentKey = segmentKey;
  }

  /** Adds the 32-bit words {@code firstElement..} to {@code elements} modulo 2^32. */
  public void add(int[] elements, long firstElement) {
    new MaskSum(Ring.Z32, List.of(this), List.of()).addTo(elements, firstElement);
  }

  /** The 61-bit word at {@code index}: a number modulo 2^61-1. */
  public long word61(long index) {
    long[] word = new long[1];
    words61(index, word);
    return word[0];
  }

  /** Overwrites {@code words} with the 61-bit words from {@code firstWord} on. */
  public void words61(long firstWord, long[] words) {
    forEachTile61(
        firstWord,
        words.length,
        (start, tile, count) -> System.arraycopy(tile, 0, words, start, count));
  }

  /** Takes a stretch of 61-bit words, tile after tile. */
  interface TileConsumer {
    /**
     * One tile.
     *
     * @param start position of its first word in the stretch
     * @param tile the words, in an array as large as the largest tile; reused and erased
     *     afterwards, meaningless beyond {@code count}
     */
    void accept(int start, long[] tile, int count);
  }

  /** Makes {@code count} 61-bit words from {@code firstWord} on, in tiles of up to 16 KiB. */
  void forEachTile61(long firstWord, int count, TileConsumer consumer) {
    long[] tile = new long[Math.min(TILE_WORDS, count)];
    byte[] bytes = new byte[tile.length * Long.BYTES];
    int done = 0;
    while (done < count) {
      long first = firstWord + done;
      int runEnd = done + (int) Math.min(count - done, wordsLeftInSegment(first));
      KeyStream stream = open(first, Long.BYTES);
      while (done < runEnd) {
        int words = Math.min(tile.length, runEnd - done);
        stream.next(bytes, words * Long.BYTES);
        toWords61(bytes, tile, words);
        consumer.accept(done, tile, words);
        done += words;
      }
    }
    Arrays.fill(bytes, (byte) 0);
    Arrays.fill(tile, 0);
  }

  private static void toWords61(byte[] bytes, long[] tile, int words) {
    for (int i = 0; i < words; i++) {
      tile[i] = Mersenne61.fromBits((long) LONGS.get(bytes, i << 3));
    }
  }

  /** How many words from {@code word} to the end of its segment. */
  static long wordsLeftInSegment(long word) {
    if (word < 0) {
      throw new IllegalArgumentException("no word " + word);
    }
    return SEGMENT_WORDS - word % SEGMENT_WORDS;
  }

  /** The key stream from {@code word} on; good to the end of its segment. */
  KeyStream open(long word, int wordBytes) {
    try (SecretBytes key = segmentKey.apply(word / SEGMENT_WORDS)) {
      return KeyStream.from(key, word % SEGMENT_WORDS * wordBytes);
    }
  }
}
