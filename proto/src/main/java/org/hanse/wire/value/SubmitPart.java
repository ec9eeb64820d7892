package org.hanse.wire.value;

import org.hanse.core.plan.Bytes;

/** One message of a submission: the manifest first, then the initial model in pieces. */
public sealed interface SubmitPart {
  /** The exact bytes that are hashed and approved. */
  record Manifest(Bytes exactBytes, JobPriority priority) implements SubmitPart {
    /** Of a job like any other. */
    public Manifest(Bytes exactBytes) {
      this(exactBytes, JobPriority.NORMAL);
    }
  }

  record Model(DataPiece piece) implements SubmitPart {}
}
