package org.hanse.coordinator.round;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.core.secagg.RoundTranscript;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.core.secagg.mask.Unmasker;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.WorkContent;
import org.hanse.wire.value.WorkPosition;

/** What the shell must do, in list order. */
public sealed interface RoundEffect {

  /**
   * The event that caused this step must be durable before the next effect runs. First of the
   * effects of every step that changes more than presence.
   */
  record Persist() implements RoundEffect {}

  /**
   * From now on this is the site's current work.
   *
   * @param answerBy empty where no answer is due
   */
  record Assign(
      Fingerprint to, WorkPosition position, WorkContent content, Optional<Instant> answerBy)
      implements RoundEffect {}

  /** The site has no work until the next {@link Assign}. */
  record Dismiss(Fingerprint site) implements RoundEffect {}

  /** The answer to the site whose event this was; nothing changed, or the site was left out. */
  record Reject(Fingerprint site, Rejection rejection, String detail) implements RoundEffect {}

  /**
   * Take uploads of these sites.
   *
   * @param context enters the leaf hashes of the chunks
   */
  record AcceptUploads(AttemptId attempt, Hash context, Set<Fingerprint> sites)
      implements RoundEffect {}

  /** Take no further upload of the attempt and delete what is not a survivor's. */
  record StopUploads(AttemptId attempt, Set<Fingerprint> survivors) implements RoundEffect {}

  /**
   * Sum, unmask, decode, apply; answer with {@code SumApplied} or {@code SumFailed}.
   *
   * @param context enters the leaf hashes of the sum
   * @param revelation erased with the unmasker when the sum is there; for sites that audit it
   */
  record Unmask(AttemptId attempt, Hash context, Unmasker unmasker, Revelation revelation)
      implements RoundEffect {}

  /** Stop unmasking if it runs; the attempt's uploads and sum are no longer needed. */
  record DiscardAttempt(AttemptId attempt) implements RoundEffect {}

  /** Send a {@code TimePassed} then; replaces the time named before. */
  record WakeAt(Instant time) implements RoundEffect {}

  /** For those who watch the job. */
  record Report(JobEventValue event) implements RoundEffect {}

  /**
   * The round is over with a new model.
   *
   * @param counted U3
   * @param metrics weighted means over them, in the manifest's order
   * @param transcript must be durable before the model is anybody's base
   */
  record Publish(
      AttemptId attempt,
      List<Fingerprint> counted,
      List<Double> metrics,
      AdoptionProof proof,
      RoundTranscript transcript)
      implements RoundEffect {
    public Publish {
      counted = List.copyOf(counted);
      metrics = List.copyOf(metrics);
    }
  }

  /**
   * The round is over without a model.
   *
   * @param spent true if some site has released: its saved update is never sent again
   */
  record GiveUp(AttemptId attempt, AbortReason reason, boolean spent) implements RoundEffect {}
}
