package org.hanse.core.secagg.coordinator;

import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.FromSite;

/** What can happen to the coordinator's side of an attempt. */
public sealed interface AggregationEvent {

  /**
   * A site's message; the transport has bound {@code from} to the peer's certificate. For {@link
   * FromSite.UploadCommit} the spool has stored all chunks durably and found this very root, count
   * and length.
   */
  record Received(Fingerprint from, FromSite message) implements AggregationEvent {}

  /** The site has no call and its grace is over. */
  record Gone(Fingerprint site) implements AggregationEvent {}

  /** The current step's deadline passed. */
  record StepExpired() implements AggregationEvent {}

  /**
   * The sum was unmasked, decoded and applied.
   *
   * @param tag0 T0
   * @param tag1 T1
   */
  record Unmasked(Hash resultRoot, long tag0, long tag1, Hash nextModelHash)
      implements AggregationEvent {}

  /** The sum broke a gate or could not be applied. */
  record UnmaskFailed(AbortReason reason) implements AggregationEvent {}
}
