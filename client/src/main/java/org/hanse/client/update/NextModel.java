package org.hanse.client.update;

import java.util.Optional;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.encode.AggregateDecoder;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.optimize.ServerOptimizer;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.vector.FloatVector;
import org.hanse.core.vector.IntChunks;

/** Recomputes what the coordinator must have computed. */
public final class NextModel {
  private NextModel() {}

  /**
   * Applies a checked sum to a model, chunk by chunk, in the arithmetic that every site and the
   * coordinator share bit by bit.
   *
   * @param model that the round started from, m values
   * @param sum X, checked; m + 1 + e elements
   * @param target receives the next model, m values
   * @return the next model's hash; empty if a value is not finite, which no model may hold
   */
  public static Optional<Hash> compute(
      JobManifest manifest, FloatVector model, IntChunks sum, FloatVector target) {
    AggregateDecoder decoder = new AggregateDecoder(UpdateEncoding.of(manifest), sum);
    ServerOptimizer optimizer = ServerOptimizer.of(manifest.training().server());
    for (long chunk = 0; chunk < decoder.chunking().chunkCount(); chunk++) {
      double[] averages = decoder.averages(chunk);
      if (averages.length > 0
          && !optimizer.apply(model, decoder.chunking().firstElement(chunk), averages, target)) {
        return Optional.empty();
      }
    }
    return Optional.of(ModelHash.of(target.segment()));
  }
}
