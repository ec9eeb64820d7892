package org.hanse.core.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * Many mask streams, some added and some subtracted, applied to a chunk in one pass: the streams
 * inside, small tiles outside, so that a tile stays in the cache. Thread-safe if the streams are.
 *
 * @param added streams to add
 * @param subtracted streams to subtract
 */
public record MaskSum(List<MaskStream> added, List<MaskStream> subtracted) {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int TILE_WORDS = KeyStream.TILE_BYTES / Integer.BYTES;

  public MaskSum {
    added = List.copyOf(added);
    subtracted = List.copyOf(subtracted);
  }

  /** Adds the masks of elements {@code firstElement..} to {@code elements} modulo 2^32. */
  public void addTo(int[] elements, long firstElement) {
    int done = 0;
    while (done < elements.length) {
      long first = firstElement + done;
      int run = (int) Math.min(elements.length - done, MaskStream.wordsLeftInSegment(first));
      addRun(elements, done, run, first);
      done += run;
    }
  }

  /** {@code run} elements from {@code offset} on, all in one segment. */
  private void addRun(int[] elements, int offset, int run, long firstElement) {
    List<KeyStream> plus = open(added, firstElement);
    List<KeyStream> minus = open(subtracted, firstElement);
    byte[] mask = new byte[KeyStream.TILE_BYTES];
    int[] tile = new int[TILE_WORDS];
    for (int start = 0; start < run; start += TILE_WORDS) {
      int count = Math.min(TILE_WORDS, run - start);
      System.arraycopy(elements, offset + start, tile, 0, count);
      for (KeyStream stream : plus) {
        stream.next(mask, count * Integer.BYTES);
        addTile(tile, mask);
      }
      for (KeyStream stream : minus) {
        stream.next(mask, count * Integer.BYTES);
        subtractTile(tile, mask);
      }
      System.arraycopy(tile, 0, elements, offset + start, count);
    }
    Arrays.fill(mask, (byte) 0);
    Arrays.fill(tile, 0);
  }

  private static List<KeyStream> open(List<MaskStream> streams, long firstElement) {
    return streams.stream().map(stream -> stream.open(firstElement, Integer.BYTES)).toList();
  }

  // A whole tile each time: the loop bound the compiler sees is the array's own length, which keeps
  // the loop vectorized. Beyond the end of a short last tile it adds what nobody reads.
  private static void addTile(int[] tile, byte[] mask) {
    for (int i = 0; i < tile.length; i++) {
      tile[i] += (int) INTS.get(mask, i << 2);
    }
  }

  private static void subtractTile(int[] tile, byte[] mask) {
    for (int i = 0; i < tile.length; i++) {
      tile[i] -= (int) INTS.get(mask, i << 2);
    }
  }
}
