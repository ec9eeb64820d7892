package org.hanse.simulation.demo;

import java.util.Optional;
import org.hanse.client.agent.AgentEvents;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.wire.value.JobState;

/** Hears nothing; for those who listen to a few of a site's events. */
public class UnheardEvents implements AgentEvents {
  @Override
  public void connected(SiteId site) {}

  @Override
  public void disconnected(String why) {}

  @Override
  public void awaitingApproval(JobId job, Hash planHash) {}

  @Override
  public void training(RoundId round) {}

  @Override
  public void trained(RoundId round, long exampleCount) {}

  @Override
  public void aggregating(RoundId round, int attempt) {}

  @Override
  public void roundClosed(RoundId round, Hash modelHash) {}

  @Override
  public void refused(RoundId round, String reason, String explanation) {}

  @Override
  public void roundSpent(RoundId round, Optional<AbortReason> reason) {}

  @Override
  public void draining() {}

  @Override
  public void jobPaused(JobId job, Optional<AbortReason> reason) {}

  @Override
  public void jobEnded(JobId job, JobState outcome, Optional<AbortReason> reason) {}
}
