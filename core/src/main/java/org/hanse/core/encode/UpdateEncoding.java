package org.hanse.core.encode;

import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.EncodingRules;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.MetricSpec;
import org.hanse.core.plan.Ring;
import org.hanse.core.vector.Chunking;

/**
 * The fixed-point form of a masked vector: parameters, then the weight, then the metrics, each a
 * signed integer of the ring's width b, 32 or 16 bits. Every number here follows from the manifest
 * alone, never from a roster, so that a site's absence changes nobody's bits.
 *
 * <p><b>No honest sum wraps.</b> One site's coordinate lies in [-Q, Q] with Q =
 * floor((2^(b-1)-1)/N): parameters and metrics are clamped to it, and the weight is at most Omega
 * &lt;= Q. At most N sites are added, so every sum lies within N * Q &lt;= 2^(b-1)-1 of zero; and
 * because addition modulo 2^b is exact on that range, reading the sum as a two's complement integer
 * gives the true sum.
 *
 * <p>In the ring of 2^16 the parameters are {@linkplain HadamardRotation rotated} before they are
 * clamped and rounded; weight and metrics are not.
 *
 * @param parameterCount m, at least 1
 * @param memberCount N of the manifest; in the ring of 2^16 at most 64
 * @param metrics in the order of their coordinates
 */
public record UpdateEncoding(
    long parameterCount,
    int memberCount,
    Ring ring,
    EncodingRules rules,
    List<MetricSpec> metrics) {
  public UpdateEncoding {
    metrics = List.copyOf(metrics);
    if (parameterCount < 1 || parameterCount > Limits.MAX_PARAMETERS || memberCount < 1) {
      throw new IllegalArgumentException(
          "cannot encode " + parameterCount + " parameters of " + memberCount + " members");
    }
    rules.requireFit(ring, memberCount);
  }

  /** The encoding that the manifest fixes, the same at every site and at the coordinator. */
  public static UpdateEncoding of(JobManifest manifest) {
    return new UpdateEncoding(
        manifest.layout().parameterCount(),
        manifest.aggregation().cohort().memberCount(),
        manifest.aggregation().suite().ring(),
        manifest.aggregation().encoding(),
        manifest.aggregation().metrics());
  }

  /** L = m + 1 + e: the masked vector's length. */
  public long lengthElements() {
    return parameterCount + 1 + metrics.size();
  }

  /** The masked vector in chunks of 2^18 elements. */
  public Chunking chunking() {
    return new Chunking(lengthElements(), Limits.CHUNK_ELEMENTS, ring.elementBytes());
  }

  /** Q = floor((2^(b-1)-1)/N): largest absolute value of one site's coordinate. */
  public int ringBound() {
    return EncodingRules.ringBound(ring, memberCount);
  }

  /**
   * What is done to the parameters before they are rounded, and undone to their averages; empty in
   * the ring of 2^32, where rounding loses next to nothing.
   *
   * @param encodingContext ectx of the round
   */
  Optional<HadamardRotation> rotation(Hash encodingContext) {
    return switch (ring) {
      case Z32 -> Optional.empty();
      case Z16 -> Optional.of(new HadamardRotation(parameterCount, encodingContext));
    };
  }

  /** S = Q/Cinf: ring steps per unit of a parameter's update, at full weight. */
  public double parameterScale() {
    return ringBound() / rules.clipMaxAbs();
  }

  /** Q/F_k: ring steps per unit of a metric, at full weight. */
  public double metricScale(int metric) {
    return ringBound() / metrics.get(metric).bound();
  }

  /**
   * omega = min(ceil(examples/unit), Omega): a site's weight, 1 to Omega; 0 only for no examples.
   *
   * @param exampleCount at least 0
   */
  public int weight(long exampleCount) {
    return (int)
        Math.min(Math.ceilDiv(exampleCount, rules.examplesPerWeightUnit()), rules.maxWeight());
  }

  /** How many of the {@code elements} from {@code firstElement} on are parameters. */
  int parametersAmong(long firstElement, int elements) {
    return Math.clamp(parameterCount - firstElement, 0, elements);
  }
}
