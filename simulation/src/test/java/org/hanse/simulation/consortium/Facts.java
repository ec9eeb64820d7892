package org.hanse.simulation.consortium;

import java.util.List;
import java.util.Optional;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.Work;

/** Hears of all that can be seen of a run from outside of the product. */
public interface Facts {

  /** A site has been given work. */
  default void given(SiteId site, Work work) {}

  /** A site is about to send a message. */
  default void sending(SiteId site, AttemptMessage message) {}

  /** The coordinator has told a site that its upload is durable. */
  default void uploadAcknowledged(SiteId site, AttemptId attempt) {}

  /** A site begins to train. */
  default void training(SiteId site, RoundId round) {}

  /** A site has saved what it has trained. */
  default void trained(SiteId site, RoundId round) {}

  /** A site has checked a round's result and has computed this model. */
  default void roundClosed(SiteId site, RoundId round, Hash model) {}

  /** A site does not go along, for a reason of a closed list. */
  default void refused(SiteId site, RoundId round, String reason) {}

  /** The coordinator has refused a call of a site. */
  default void callRefused(SiteId site, ErrorReason reason) {}

  /** A site will never send its update of this round. */
  default void roundSpent(SiteId site, RoundId round, Optional<AbortReason> reason) {}

  /** A site has heard that the job is over. */
  default void jobEnded(SiteId site, JobState state) {}

  /** The coordinator's database holds these changes. */
  default void stored(List<JobChange> changes) {}

  /** A site's disk does not hold what it held any more, by a fault that no program can mend. */
  default void damaged(SiteId site) {}

  /** The coordinator's disk does not hold what it held any more. */
  default void coordinatorDamaged() {}
}
