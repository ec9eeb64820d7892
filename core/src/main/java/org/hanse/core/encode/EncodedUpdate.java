package org.hanse.core.encode;

import java.util.Optional;
import org.hanse.core.crypto.MaskStream;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.IntChunks;

/**
 * x_u: the clipped, weighted, stochastically rounded update, the weight and the metrics, made anew
 * for every chunk that is read. One fixed vector per (job, round). Thread-safe while the update and
 * the rounding key stay as they are. Where the ring asks for a rotation, a read rotates the one
 * piece that the chunk lies in: of chunks read in order, only the last two may share one.
 */
public final class EncodedUpdate implements IntChunks {
  private final UpdateEncoding encoding;
  private final LocalUpdate update;
  private final double clipFactor;
  private final Optional<HadamardRotation> rotation;
  private final MaskStream rounding;
  private final int weight;

  EncodedUpdate(
      UpdateEncoding encoding, LocalUpdate update, double clipFactor, RoundingKey rounding) {
    this.encoding = encoding;
    this.update = update;
    this.clipFactor = clipFactor;
    this.rotation = encoding.rotation(rounding.encodingContext());
    this.rounding = rounding.stream();
    this.weight = encoding.weight(update.exampleCount());
  }

  @Override
  public Chunking chunking() {
    return encoding.chunking();
  }

  @Override
  public int[] read(long chunk) {
    long first = chunking().firstElement(chunk);
    int[] elements = new int[chunking().elementsIn(chunk)];
    // The words of the rounding stream, replaced one by one by what they round.
    rounding.add(elements, first);
    int parameters = encoding.parametersAmong(first, elements.length);
    quantizeParameters(elements, first, parameters);
    for (int i = parameters; i < elements.length; i++) {
      elements[i] = afterParameters((int) (first + i - encoding.parameterCount()), elements[i]);
    }
    return elements;
  }

  private void quantizeParameters(int[] words, long first, int count) {
    double[] values = parameters(first, count);
    double max = encoding.rules().clipMaxAbs();
    double scale = share() * encoding.parameterScale();
    int bound = encoding.ringBound();
    for (int i = 0; i < count; i++) {
      double clipped = Math.min(Math.max(values[i], -max), max);
      words[i] = quantize(clipped, scale, words[i], bound);
    }
  }

  /** A chunk's parameters, of clipped length, rotated if the ring asks for it. */
  private double[] parameters(long first, int count) {
    if (rotation.isEmpty() || count == 0) {
      return scaled(first, count);
    }
    return rotation.get().rotated(first, count, this::scaled);
  }

  private double[] scaled(long first, int count) {
    float[] delta = new float[count];
    update.delta().read(first, delta, count);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = delta[i] * clipFactor;
    }
    return values;
  }

  /** Position 0 is the weight, which is exact; position 1 + k is metric k. */
  private int afterParameters(int position, int word) {
    if (position == 0) {
      return weight;
    }
    int metric = position - 1;
    double max = encoding.metrics().get(metric).bound();
    double clipped = Math.min(Math.max(update.metrics().get(metric), -max), max);
    return quantize(clipped, share() * encoding.metricScale(metric), word, encoding.ringBound());
  }

  /** p = omega/Omega. */
  private double share() {
    return (double) weight / encoding.rules().maxWeight();
  }

  /**
   * floor(value * scale + word / 2^32), clamped to plus or minus {@code bound}: value * scale on
   * average over uniform unsigned words.
   */
  static int quantize(double value, double scale, int word, int bound) {
    double rounded = Math.floor(value * scale + (word & 0xffff_ffffL) * 0x1p-32);
    return (int) Math.min(Math.max(rounded, -bound), bound);
  }

  @Override
  public String toString() {
    return "encoded " + update;
  }
}
