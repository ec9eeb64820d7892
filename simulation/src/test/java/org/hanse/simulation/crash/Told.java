package org.hanse.simulation.crash;

import java.util.Optional;
import java.util.function.Consumer;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.simulation.demo.UnheardEvents;
import org.hanse.wire.value.JobState;

/** What a site tells, as words in one line. */
final class Told extends UnheardEvents {
  static final String CONNECTED = "connected";
  static final String TRAINING = "training ";
  static final String TRAINED = "trained ";
  static final String REFUSED = "refused ";
  static final String CLOSED = "closed ";
  static final String ENDED = "ended ";

  private final Consumer<String> line;

  Told(Consumer<String> line) {
    this.line = line;
  }

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
  public void training(RoundId round) {
    line.accept(TRAINING + round.round());
  }
}
