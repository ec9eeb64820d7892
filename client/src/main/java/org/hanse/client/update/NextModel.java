package org.hanse.client.update;

import java.util.Optional;
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
   * Takes the pieces of a model in order.
   *
   * @param <X> what taking one may throw
   */
  public interface Sink<X extends Exception> {
    void accept(FloatVector piece) throws X;
  }

  /**
   * Applies a checked sum to a model, chunk by chunk, in the arithmetic that every site and the
   * coordinator share bit by bit.
   *
   * @param encodingContext ectx of the round, by which the updates were encoded
   * @param model that the round started from, m values
   * @param sum X, checked; m + 1 + e elements
   * @param sink receives the next model, m values in pieces of a chunk
   * @return whether all values are finite; if not, there is no next model
   */
  public static <X extends Exception> boolean compute(
      JobManifest manifest, Hash encodingContext, FloatVector model, IntChunks sum, Sink<X> sink)
      throws X {
    AggregateDecoder decoder =
        new AggregateDecoder(UpdateEncoding.of(manifest), encodingContext, sum);
    ServerOptimizer optimizer = ServerOptimizer.of(manifest.training().server());
    for (long chunk = 0; chunk < decoder.chunking().chunkCount(); chunk++) {
      double[] averages = decoder.averages(chunk);
      if (averages.length > 0) {
        float[] values = new float[averages.length];
        model.read(decoder.chunking().firstElement(chunk), values, values.length);
        Optional<float[]> next = optimizer.next(values, averages);
        if (next.isEmpty()) {
          return false;
        }
        sink.accept(FloatVector.of(next.get()));
      }
    }
    return true;
  }
}
