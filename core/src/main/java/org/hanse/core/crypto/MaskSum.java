package org.hanse.core.crypto;

import java.util.Arrays;
import java.util.List;
import org.hanse.core.plan.Ring;

/**
 * Many mask streams, some added and some subtracted, applied to a chunk in one pass: the streams
 * inside, small tiles outside, so that a tile stays in the cache. Thread-safe if the streams are.
 *
 * @param ring whose elements the masks are: consecutive words of the streams, as wide as those
 * @param added streams to add
 * @param subtracted streams to subtract
 */
public record MaskSum(Ring ring, List<MaskStream> added, List<MaskStream> subtracted) {
  public MaskSum {
    added = List.copyOf(added);
    subtracted = List.copyOf(subtracted);
  }

  /**
   * Adds the masks of elements {@code firstElement..} to {@code elements} in the ring, of which any
   * integers may be representatives; what is left are signed elements of it.
   */
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
    try (MaskTile tile = MaskTile.of(ring)) {
      for (int start = 0; start < run; start += tile.size()) {
        int count = Math.min(tile.size(), run - start);
        tile.load(elements, offset + start, count);
        for (KeyStream stream : plus) {
          stream.next(mask, count * ring.elementBytes());
          tile.add(mask);
        }
        for (KeyStream stream : minus) {
          stream.next(mask, count * ring.elementBytes());
          tile.subtract(mask);
        }
        tile.store(elements, offset + start, count);
      }
    }
    Arrays.fill(mask, (byte) 0);
  }

  private List<KeyStream> open(List<MaskStream> streams, long firstElement) {
    return streams.stream().map(stream -> stream.open(firstElement, ring.elementBytes())).toList();
  }
}
