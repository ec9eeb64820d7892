package org.hanse.wire.value;

import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.secagg.FromSite;

/** One message of an upload stream. */
public sealed interface UploadPart {
  /** Present in the stream's first message and in no other. */
  Optional<AttemptId> attempt();

  /**
   * Little-endian elements of the masked vector, of 2 or 4 bytes: the suite says which.
   *
   * @param index of the chunk, from 0
   * @param data 2 bytes to 1 MiB, a whole number of elements of 2 bytes; owned by the receiver
   */
  @SuppressWarnings("ArrayRecordComponent") // a megabyte at a time: compared by nobody, copied once
  record Chunk(Optional<AttemptId> attempt, long index, byte[] data) implements UploadPart {}

  /** M5's end: what was uploaded. */
  record Commit(Optional<AttemptId> attempt, FromSite.UploadCommit commit) implements UploadPart {}
}
