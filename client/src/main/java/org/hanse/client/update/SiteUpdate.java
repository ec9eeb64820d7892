package org.hanse.client.update;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hanse.core.encode.LocalUpdate;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.MetricSpec;
import org.hanse.core.vector.FloatVector;

/** What training brought, as an update. */
public final class SiteUpdate {
  private SiteUpdate() {}

  /**
   * The update that leads from one model to the other.
   *
   * @param before in the manifest's layout, m values
   * @param after likewise
   * @param exampleCount records trained on
   * @param metrics by name, at least those that the manifest lists
   * @return empty if a metric that the manifest lists is missing or not finite: a lone reporter's
   *     metric would be readable in the sum, so every site gives all or takes no part
   * @throws IllegalArgumentException if the models' sizes differ from the manifest's layout
   */
  public static Optional<LocalUpdate> of(
      JobManifest manifest,
      FloatVector before,
      FloatVector after,
      long exampleCount,
      Map<String, Double> metrics) {
    List<Double> ordered = new ArrayList<>();
    for (MetricSpec spec : manifest.aggregation().metrics()) {
      Double value = metrics.get(spec.name());
      if (value == null || !Double.isFinite(value)) {
        return Optional.empty();
      }
      ordered.add(value);
    }
    long size = manifest.layout().parameterCount();
    if (before.size() != size || after.size() != size) {
      throw new IllegalArgumentException(
          "models of " + before.size() + " and " + after.size() + " parameters, not " + size);
    }
    return Optional.of(new LocalUpdate(difference(before, after), exampleCount, ordered));
  }

  /** {@code after - before}, each difference rounded once to float32. */
  private static FloatVector difference(FloatVector before, FloatVector after) {
    FloatVector delta = FloatVector.allocate(before.size());
    float[] old = new float[(int) Math.min(Limits.CHUNK_ELEMENTS, delta.size())];
    float[] now = new float[old.length];
    for (long first = 0; first < delta.size(); first += old.length) {
      int count = (int) Math.min(old.length, delta.size() - first);
      before.read(first, old, count);
      after.read(first, now, count);
      for (int i = 0; i < count; i++) {
        now[i] -= old[i];
      }
      delta.write(first, now, count);
    }
    return delta;
  }
}
