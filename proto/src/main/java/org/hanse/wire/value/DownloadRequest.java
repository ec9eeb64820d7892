package org.hanse.wire.value;

import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;

/** Asks for a vector's bytes from an offset on. */
public sealed interface DownloadRequest {
  /** First byte wanted, from 0; the vector's size asks for nothing. */
  long offsetBytes();

  /** A model of a job, by its hash. */
  record Model(JobId job, Hash modelHash, long offsetBytes) implements DownloadRequest {}

  /** The unmasked sum of an attempt. */
  record Result(AttemptId attempt, long offsetBytes) implements DownloadRequest {}
}
