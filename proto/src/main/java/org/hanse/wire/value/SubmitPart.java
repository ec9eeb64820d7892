package org.hanse.wire.value;

import org.hanse.core.plan.Bytes;

/** One message of a submission: the manifest first, then the initial model in pieces. */
public sealed interface SubmitPart {
  /** The exact bytes that are hashed and approved. */
  record Manifest(Bytes exactBytes) implements SubmitPart {}

  record Model(DataPiece piece) implements SubmitPart {}
}
