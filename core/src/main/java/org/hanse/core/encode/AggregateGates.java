package org.hanse.core.encode;

import java.util.Optional;
import org.hanse.core.vector.Chunking;

/**
 * What every sum of honest updates satisfies, checked before a sum is used: a single wild ring
 * element would wreck a coordinate of the model. Where updates are rotated, coordinates are the
 * rotated ones; the norm is the same, and clamping and rounding come after the rotation, so every
 * gate is the same too. Immutable; the sums so far are a value, so that a chunk can be checked in
 * the same pass as its hash and tag.
 *
 * @param survivorCount how many updates were added, |U3|
 */
public record AggregateGates(UpdateEncoding encoding, int survivorCount) {

  /** Why a sum is refused. */
  public enum Failure {
    /** A coordinate beyond |U3| * Q. */
    COORDINATE,
    /** A total weight outside |U3| to |U3| * Omega. */
    WEIGHT,
    /** An average update longer than the clip norm and rounding allow. */
    NORM
  }

  /**
   * What the chunks so far showed.
   *
   * @param nextChunk the chunk that must come next
   * @param inRange no coordinate was beyond its bound
   * @param squares sum of the parameters' squares, in ring steps
   * @param weight W, 0 until its chunk came
   */
  public record Progress(long nextChunk, boolean inRange, double squares, int weight) {
    /** Before the first chunk. */
    public static final Progress START = new Progress(0, true, 0, 0);
  }

  public AggregateGates {
    if (survivorCount < 1 || survivorCount > encoding.memberCount()) {
      throw new IllegalArgumentException(
          survivorCount + " survivors of " + encoding.memberCount() + " members");
    }
  }

  /**
   * Takes one chunk, in order.
   *
   * @throws IllegalArgumentException if the chunk is not the next one or has the wrong length
   */
  public Progress take(Progress before, long chunk, int[] elements) {
    Chunking chunking = encoding.chunking();
    if (chunk != before.nextChunk() || elements.length != chunking.elementsIn(chunk)) {
      throw new IllegalArgumentException(
          elements.length + " elements of chunk " + chunk + ", expected " + before.nextChunk());
    }
    long first = chunking.firstElement(chunk);
    int parameters = encoding.parametersAmong(first, elements.length);
    int min = Integer.MAX_VALUE;
    int max = Integer.MIN_VALUE;
    for (int element : elements) {
      min = Math.min(min, element);
      max = Math.max(max, element);
    }
    double squares = 0;
    for (int i = 0; i < parameters; i++) {
      double element = elements[i];
      squares += element * element;
    }
    // survivorCount <= N, so the bound does not overflow.
    int bound = survivorCount * encoding.ringBound();
    long weightIndex = encoding.parameterCount() - first;
    boolean holdsWeight = weightIndex >= 0 && weightIndex < elements.length;
    return new Progress(
        chunk + 1,
        before.inRange() && min >= -bound && max <= bound,
        before.squares() + squares,
        holdsWeight ? elements[(int) weightIndex] : before.weight());
  }

  /**
   * The verdict after the last chunk; empty if the sum may be used.
   *
   * @throws IllegalArgumentException if chunks are missing
   */
  public Optional<Failure> finish(Progress progress) {
    if (progress.nextChunk() != encoding.chunking().chunkCount()) {
      throw new IllegalArgumentException("only " + progress.nextChunk() + " chunks were taken");
    }
    if (!progress.inRange()) {
      return Optional.of(Failure.COORDINATE);
    }
    long weight = progress.weight();
    if (weight < survivorCount || weight > (long) survivorCount * encoding.rules().maxWeight()) {
      return Optional.of(Failure.WEIGHT);
    }
    double step = AggregateDecoder.step(encoding, encoding.parameterScale(), weight);
    double norm = Math.sqrt(progress.squares()) * step;
    return norm <= normLimit(step) ? Optional.empty() : Optional.of(Failure.NORM);
  }

  /** C plus the rounding of m coordinates, each off by less than one ring step per survivor. */
  private double normLimit(double step) {
    return encoding.rules().clipNormL2()
        + Math.sqrt((double) encoding.parameterCount()) * survivorCount * step;
  }
}
