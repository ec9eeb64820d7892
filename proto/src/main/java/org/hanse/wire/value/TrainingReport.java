package org.hanse.wire.value;

/** A site's answer to a training task. No count, loss or accuracy travels here. */
public sealed interface TrainingReport {
  /** The update is saved at the site. */
  record Ready() implements TrainingReport {}

  /** The site sits this round out. */
  record Declined(DeclineReason reason) implements TrainingReport {}

  /** Why a site sits a round out: a closed list, safe to send upstream. */
  enum DeclineReason {
    /** The steward has not approved this manifest. */
    NOT_APPROVED,
    /** The site's own policy forbids this job or this round. */
    POLICY,
    /** No data set answers the job's contract. */
    DATA,
    /** Local training failed; the site's log says why. */
    TRAINING_FAILED,
    /** The model does not have the hash it should have. */
    MODEL,
    /** The site has released on this model as often as the manifest allows. */
    MODEL_RELEASED_TOO_OFTEN,
    /** The site begins no round any more. */
    DRAINING
  }
}
