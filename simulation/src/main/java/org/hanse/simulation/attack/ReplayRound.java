package org.hanse.simulation.attack;

import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.SiteId;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent.Start;
import org.hanse.wire.value.WorkContent.Train;

/**
 * After the first round, its M0 once more to one site in place of the second round: as it was, then
 * as the round's next attempt.
 */
final class ReplayRound implements Script {
  private static final SiteId VICTIM = Attack.site(1);

  private final Backstage backstage;
  private Optional<Work> recorded = Optional.empty();
  private boolean repeated;
  private boolean relabelled;

  ReplayRound(Backstage backstage) {
    this.backstage = backstage;
  }

  @Override
  public synchronized Work work(SiteId site, Work honest) {
    if (!site.equals(VICTIM)) {
      return honest;
    }
    if (honest.content() instanceof Start && recorded.isEmpty()) {
      recorded = Optional.of(honest);
    }
    return honest.content() instanceof Train ? recorded.flatMap(this::lie).orElse(honest) : honest;
  }

  /** The old item first as it was, then under another number; after that, nothing. */
  private Optional<Work> lie(Work old) {
    if (!repeated) {
      repeated = true;
      backstage.tell(
          "sends %s the finished round's M0 once more (the site takes nothing that is not new)"
              .formatted(VICTIM));
      return Optional.of(old);
    }
    if (!relabelled) {
      relabelled = true;
      backstage.tell("sends %s that M0 as the round's next attempt".formatted(VICTIM));
      return Optional.of(Work.of(next(old.attempt()), old.deadlineSeconds(), old.content()));
    }
    return Optional.empty();
  }

  /** What a site says of the attempt that does not exist is nothing to an honest coordinator. */
  @Override
  public synchronized boolean passes(SiteId site, AttemptMessage message) {
    return recorded.filter(old -> message.attempt().equals(next(old.attempt()))).isEmpty();
  }

  private static AttemptId next(AttemptId attempt) {
    return new AttemptId(attempt.round(), attempt.attempt() + 1);
  }
}
