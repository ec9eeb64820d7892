package org.hanse.coordinator.round;

import java.time.Instant;
import java.util.List;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.wire.value.TrainingReport.DeclineReason;

/**
 * What can happen to a round. Sites are named by the key that the manifest pins; the shell has
 * bound it to the peer's certificate.
 */
public sealed interface RoundEvent {
  /** When it happened, by a clock that never goes back while the coordinator runs. */
  Instant at();

  /** The site's first call after none. */
  record SiteCame(Fingerprint site, Instant at) implements RoundEvent {}

  /** The site's last call ended. */
  record SiteWent(Fingerprint site, Instant at) implements RoundEvent {}

  /** The site has saved its update. */
  record TrainingFinished(RoundId round, Fingerprint site, CertifiedKey key, Instant at)
      implements RoundEvent {}

  /** The site sits the round out. */
  record TrainingDeclined(RoundId round, Fingerprint site, DeclineReason reason, Instant at)
      implements RoundEvent {}

  /**
   * A protocol message; for {@link FromSite.UploadCommit} the spool holds all chunks durably and
   * found this very root, count and length.
   */
  record MessageReceived(AttemptId attempt, Fingerprint site, FromSite message, Instant at)
      implements RoundEvent {}

  /**
   * A site ended its upload with a commit that does not describe what was stored: it cannot come
   * right any more.
   */
  record UploadUnfit(AttemptId attempt, Fingerprint site, DropReason reason, Instant at)
      implements RoundEvent {}

  /** The sum was unmasked, decoded and applied; result and model are durable. */
  record SumApplied(AttemptId attempt, Sum sum, Instant at) implements RoundEvent {}

  /**
   * What came of a sum.
   *
   * @param metrics weighted means over the counted sites, in the manifest's order
   */
  record Sum(Hash resultRoot, Tags tags, Hash nextModelHash, List<Double> metrics) {
    public Sum {
      metrics = List.copyOf(metrics);
    }
  }

  /** T0 and T1, each 0 to 2^61-2. */
  record Tags(long tag0, long tag1) {}

  /** The sum broke a gate or could not be computed. */
  record SumFailed(AttemptId attempt, AbortReason reason, Instant at) implements RoundEvent {}

  /** The time a {@link RoundEffect.WakeAt} named has come. */
  record TimePassed(Instant at) implements RoundEvent {}

  /**
   * The coordinator runs again: the first event after a stop. What it was waiting for when it
   * stopped it waits for as long as it would have then, and its sites have a lease to come back.
   *
   * @param stoppedAt when the last event before was, by the clock of that time
   * @param at by the clock of now, whatever the two have to do with each other
   */
  record Restarted(Instant stoppedAt, Instant at) implements RoundEvent {}

  /** The job is to stand still as soon as that costs no update: at once, or when the round ends. */
  record PauseRequested(Instant at) implements RoundEvent {}

  /** A person, or the coordinator's own failure, ends the round. */
  record StopRequested(AbortReason reason, Instant at) implements RoundEvent {}
}
