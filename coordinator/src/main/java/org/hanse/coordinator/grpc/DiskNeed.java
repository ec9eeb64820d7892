package org.hanse.coordinator.grpc;

import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.plan.JobManifest;

/** How much disk a job needs at the most, so that a round does not fail for lack of it. */
final class DiskNeed {
  /** The model a round starts from, the one before, the initial one, and the next. */
  private static final int MODELS = 4;

  /** Of the round that runs and of the one before. */
  private static final int SUMS = 2;

  private DiskNeed() {}

  static long bytes(JobManifest manifest) {
    long vectors = (long) manifest.consortium().members().size() + SUMS;
    return Math.addExact(
        Math.multiplyExact(vectors, UpdateEncoding.of(manifest).chunking().lengthBytes()),
        MODELS * manifest.layout().parameterCount() * Float.BYTES);
  }
}
