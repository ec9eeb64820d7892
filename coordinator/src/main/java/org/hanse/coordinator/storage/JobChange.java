package org.hanse.coordinator.storage;

import org.hanse.coordinator.job.JobProgress;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;

/** One thing that changes about a job. */
public sealed interface JobChange {

  /**
   * The job's next round begins, or a paused one anew; earlier events are forgotten for good. The
   * job runs from then on.
   */
  record RoundOpened(RoundOpening opening) implements JobChange {}

  /** The machine of the newest round took an event. */
  record EventTaken(RoundEvent event) implements JobChange {}

  /**
   * An entry of the history, the one after the last. What it says of an attempt, a round, a metric
   * or the end of the job holds from then on; with the end, the events of the newest round are
   * forgotten for good.
   */
  record Reported(JobEventEntry entry) implements JobChange {}

  /**
   * The newest round stands still before anybody has released: its events are forgotten for good,
   * and it opens anew under its number.
   */
  record RoundPaused(RoundId round) implements JobChange {}

  /** A round is over without a model. */
  record RoundGivenUp(RoundId round, AbortReason reason) implements JobChange {}

  /** The job stands here. */
  record Progressed(JobProgress progress) implements JobChange {}

  /** From now on {@code model} is what the job uses for this; what it used before is not. */
  record ModelUsed(ModelUse use, Hash model) implements JobChange {}

  /** Whether something that was stored must not be found on the disk afterwards. */
  default boolean forgets() {
    return this instanceof RoundOpened
        || this instanceof RoundPaused
        || (this instanceof Reported reported
            && reported.entry().event() instanceof JobEventValue.Finished);
  }

  /** What a job may use a model for, each one model at a time. */
  enum ModelUse {
    /** Where the job began. */
    INITIAL,
    /** What the newest published model was made from: the base of its round. */
    BASE,
    /** The newest published model. */
    NEWEST,
    /** The best one measured so far, where the manifest selects it. */
    BEST
  }
}
