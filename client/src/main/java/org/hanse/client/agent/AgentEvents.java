package org.hanse.client.agent;

import java.util.Optional;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.wire.value.JobState;

/**
 * What people at this site may want to know. Called on the agent's threads, one call at a time for
 * each job; must return soon.
 */
public interface AgentEvents {

  /** The coordinator answered the first call of a connection. */
  void connected(SiteId site);

  /**
   * There is no connection, the first one included; the agent goes on trying. Told once for each
   * time that the coordinator is away, and every few minutes while it stays away.
   */
  void disconnected(String why);

  /** The job waits for the steward to add {@code planHash} to the approved manifests. */
  void awaitingApproval(JobId job, Hash planHash);

  void training(RoundId round);

  /**
   * The update is saved and the coordinator may be told.
   *
   * @param exampleCount records trained on; stays at this site
   */
  void trained(RoundId round, long exampleCount);

  /** The site takes part in an attempt. */
  void aggregating(RoundId round, int attempt);

  /** This site checked the result and computed the next model. */
  void roundClosed(RoundId round, Hash modelHash);

  /**
   * This site does not go along.
   *
   * @param reason a word of a closed list
   * @param explanation for people; stays at this site
   */
  void refused(RoundId round, String reason, String explanation);

  /**
   * This site has released in the round, and there is no result that it can accept: the round's
   * update is deleted and never sent again.
   *
   * @param reason as the coordinator gives it; empty if it has not said, or this site refused
   */
  void roundSpent(RoundId round, Optional<AbortReason> reason);

  /** This site finishes the rounds that it is in, begins no other, and then ends. */
  void draining();

  /**
   * The job stands still: there is nothing to do until it is resumed.
   *
   * @param reason empty if somebody paused it
   */
  void jobPaused(JobId job, Optional<AbortReason> reason);

  /**
   * The job is over.
   *
   * @param reason empty if completed
   */
  void jobEnded(JobId job, JobState outcome, Optional<AbortReason> reason);
}
