package org.hanse.simulation.crash;

import java.util.Optional;
import java.util.function.Consumer;
import org.hanse.client.agent.AgentEvents;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.wire.value.JobState;

/** What a site tells, as words in one line. */
record Told(Consumer<String> line) implements AgentEvents {
  static final String CONNECTED = "connected";
  static final String TRAINING = "training ";
  static final String TRAINED = "trained ";
  static final String REFUSED = "refused ";
  static final String CLOSED = "closed ";
  static final String ENDED = "ended ";

  @Override
  public void connected(SiteId site) {
    line.accept(CONNECTED);
  }

  @Override
  public void trained(RoundId round, long exampleCount) {
    line.accept(TRAINED + round.round());
  }

  @Override
  public void refused(RoundId round, String reason, String explanation) {
    line.accept(REFUSED + round.round() + " " + reason);
  }

  @Override
  public void roundClosed(RoundId round, Hash modelHash) {
    line.accept(CLOSED + round.round() + " " + modelHash);
  }

  @Override
  public void roundSpent(RoundId round, Optional<AbortReason> reason) {
    line.accept("spent " + round.round());
  }

  @Override
  public void jobPaused(JobId job, Optional<AbortReason> reason) {
    line.accept("paused");
  }

  @Override
  public void jobEnded(JobId job, JobState outcome, Optional<AbortReason> reason) {
    line.accept(ENDED + outcome);
  }

  @Override
  public void disconnected(String why) {}

  @Override
  public void awaitingApproval(JobId job, Hash planHash) {}

  @Override
  public void training(RoundId round) {
    line.accept(TRAINING + round.round());
  }

  @Override
  public void aggregating(RoundId round, int attempt) {}
}
