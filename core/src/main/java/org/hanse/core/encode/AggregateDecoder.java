package org.hanse.core.encode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.Hash;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.IntChunks;

/**
 * Turns a sum back into weighted averages. Pure float64 arithmetic in a fixed order, so every site
 * and the coordinator get the same bits. The sum must have passed {@link AggregateGates}.
 * Immutable, as thread-safe as the sum.
 */
public final class AggregateDecoder {
  private final UpdateEncoding encoding;
  private final Optional<HadamardRotation> rotation;
  private final IntChunks sum;
  private final long weight;
  private final double parameterStep;
  private final List<Double> metrics;

  /**
   * Reads the weight and the metrics at the vector's end.
   *
   * @param encodingContext ectx of the round, by which the updates were rotated
   * @throws IllegalArgumentException if the sum is cut otherwise or weighs nothing
   */
  public AggregateDecoder(UpdateEncoding encoding, Hash encodingContext, IntChunks sum) {
    if (!sum.chunking().equals(encoding.chunking())) {
      throw new IllegalArgumentException(
          "sum is cut as " + sum.chunking() + ", not " + encoding.chunking());
    }
    this.encoding = encoding;
    this.rotation = encoding.rotation(encodingContext);
    this.sum = sum;
    int[] tail = readTail(encoding, sum);
    this.weight = tail[0];
    if (weight < 1) {
      throw new IllegalArgumentException("sum weighs " + weight);
    }
    this.parameterStep = step(encoding, encoding.parameterScale(), weight);
    List<Double> averages = new ArrayList<>();
    for (int k = 0; k < encoding.metrics().size(); k++) {
      averages.add(tail[1 + k] * step(encoding, encoding.metricScale(k), weight));
    }
    this.metrics = List.copyOf(averages);
  }

  /** W: the summed weights. */
  public long weight() {
    return weight;
  }

  /** Weighted averages in the manifest's order. */
  public List<Double> metrics() {
    return metrics;
  }

  /** The chunking by which averages are read: that of the sum. */
  public Chunking chunking() {
    return encoding.chunking();
  }

  /**
   * avg_i of the parameters in this chunk, from its first element on: a new array that ends where
   * the parameters end, and is empty for a chunk that holds none. Where updates were rotated, this
   * restores the one piece that the chunk lies in; only the last two chunks may share one.
   */
  public double[] averages(long chunk) {
    long first = chunking().firstElement(chunk);
    int count = encoding.parametersAmong(first, chunking().elementsIn(chunk));
    if (rotation.isEmpty() || count == 0) {
      return scaled(first, count);
    }
    return rotation.get().restored(first, count, this::scaled);
  }

  /** X_i * g of {@code count} coordinates from {@code first} on, which begins a chunk. */
  private double[] scaled(long first, int count) {
    double[] values = new double[count];
    int done = 0;
    // Pieces of a rotation begin where chunks do.
    for (long chunk = first / chunking().chunkElements(); done < count; chunk++) {
      int[] elements = sum.read(chunk);
      int taken = Math.min(elements.length, count - done);
      for (int i = 0; i < taken; i++) {
        values[done + i] = elements[i] * parameterStep;
      }
      done += taken;
    }
    return values;
  }

  /** g = Omega/(scale * W): units per ring step of the sum. */
  static double step(UpdateEncoding encoding, double scale, long weight) {
    return encoding.rules().maxWeight() / (scale * weight);
  }

  /** The elements behind the parameters; they may straddle chunks. */
  private static int[] readTail(UpdateEncoding encoding, IntChunks sum) {
    int[] tail = new int[1 + encoding.metrics().size()];
    Chunking chunking = encoding.chunking();
    long firstChunk = encoding.parameterCount() / chunking.chunkElements();
    for (long chunk = firstChunk; chunk < chunking.chunkCount(); chunk++) {
      int[] elements = sum.read(chunk);
      long first = chunking.firstElement(chunk);
      int skipped = encoding.parametersAmong(first, elements.length);
      int target = (int) (first + skipped - encoding.parameterCount());
      System.arraycopy(elements, skipped, tail, target, elements.length - skipped);
    }
    return tail;
  }
}
