package org.hanse.core.encode;

import java.util.List;
import org.hanse.core.encode.EncodingResult.Encoded;
import org.hanse.core.encode.EncodingResult.Reason;
import org.hanse.core.encode.EncodingResult.Refused;
import org.hanse.core.plan.Limits;
import org.hanse.core.vector.FloatVector;

/** Clips, weighs and quantizes a site's update. */
public final class UpdateEncoder {
  private UpdateEncoder() {}

  /**
   * Checks the whole update and prepares its ring form, which is then made chunk by chunk.
   *
   * <p>The update is scaled so that its L2 norm is at most the manifest's clip norm, the norm being
   * computed in float64 in a fixed order; in the ring of 2^16 it is rotated; then each coordinate
   * is clamped, weighed by omega/Omega and rounded stochastically. Metrics are clamped to their
   * bounds and weighed alike.
   *
   * @return refused if the update is not of the manifest's shape, holds NaN or an infinity, weighs
   *     nothing, or a metric is NaN
   */
  public static EncodingResult encode(
      UpdateEncoding encoding, LocalUpdate update, RoundingKey rounding) {
    if (update.delta().size() != encoding.parameterCount()) {
      return new Refused(Reason.WRONG_LENGTH);
    }
    List<Double> metrics = update.metrics();
    if (metrics.size() != encoding.metrics().size()) {
      return new Refused(Reason.WRONG_METRICS);
    }
    if (metrics.stream().anyMatch(value -> value.isNaN())) {
      return new Refused(Reason.METRIC_NOT_A_NUMBER);
    }
    if (update.exampleCount() < 1) {
      return new Refused(Reason.NO_EXAMPLES);
    }
    double norm = normL2(update.delta());
    if (!Double.isFinite(norm)) {
      return new Refused(Reason.NOT_FINITE);
    }
    double clipNorm = encoding.rules().clipNormL2();
    double clipFactor = norm > clipNorm ? clipNorm / norm : 1;
    return new Encoded(new EncodedUpdate(encoding, update, clipFactor, rounding));
  }

  /**
   * The L2 norm: squares summed in index order within each 2^18-element chunk, chunk sums in order.
   * Not finite exactly if an element is not, since no float32's square overflows a float64.
   */
  static double normL2(FloatVector vector) {
    double sum = 0;
    float[] chunk = new float[(int) Math.min(Limits.CHUNK_ELEMENTS, vector.size())];
    for (long first = 0; first < vector.size(); first += chunk.length) {
      int count = (int) Math.min(chunk.length, vector.size() - first);
      vector.read(first, chunk, count);
      double chunkSum = 0;
      for (int i = 0; i < count; i++) {
        double value = chunk[i];
        chunkSum += value * value;
      }
      sum += chunkSum;
    }
    return Math.sqrt(sum);
  }
}
