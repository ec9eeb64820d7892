package org.hanse.core.secagg.mask;

import java.util.List;
import org.hanse.core.crypto.Erasable;
import org.hanse.core.crypto.MaskSum;
import org.hanse.core.crypto.Mersenne61;
import org.hanse.core.plan.Suite;

/**
 * Masks to apply together, each added or subtracted. The one place that leaves the vector unmasked
 * under a suite without masks; tags are masked under every suite.
 */
public final class MaskSet implements Erasable {
  private final Suite suite;
  private final List<MaskSeed> added;
  private final List<MaskSeed> subtracted;
  private final MaskSum vectorMasks;

  public MaskSet(Suite suite, List<MaskSeed> added, List<MaskSeed> subtracted) {
    this.suite = suite;
    this.added = List.copyOf(added);
    this.subtracted = List.copyOf(subtracted);
    this.vectorMasks =
        suite.masked()
            ? new MaskSum(
                suite.ring(),
                added.stream().map(MaskSeed::vectorLane).toList(),
                subtracted.stream().map(MaskSeed::vectorLane).toList())
            : new MaskSum(suite.ring(), List.of(), List.of());
  }

  /** The same masks, of opposite sign; shares the seeds. */
  public MaskSet negated() {
    return new MaskSet(suite, /* added= */ subtracted, /* subtracted= */ added);
  }

  /** Applies the masks of elements {@code firstElement..}: signed elements of the suite's ring. */
  public void applyTo(int[] elements, long firstElement) {
    vectorMasks.addTo(elements, firstElement);
  }

  /** The sum of the masks of tag 0 or 1, modulo 2^61-1. */
  public long tagMask(int tag) {
    long sum = 0;
    for (MaskSeed seed : added) {
      sum = Mersenne61.add(sum, seed.tagWord(tag));
    }
    for (MaskSeed seed : subtracted) {
      sum = Mersenne61.subtract(sum, seed.tagWord(tag));
    }
    return sum;
  }

  @Override
  public void erase() {
    Erasable.all(added).erase();
    Erasable.all(subtracted).erase();
  }
}
