package org.hanse.coordinator.engine;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.coordinator.job.Turns;
import org.hanse.coordinator.round.Resumption;
import org.hanse.core.plan.SiteId;

/**
 * A job's place among the others: its turn, and how long it may stand still. Used by the job's loop
 * alone.
 */
final class Place {
  private final Turns.Claim claim;
  private final JobParts.Shared shared;
  private final Consumer<JobInput> later;
  private boolean asked;
  private boolean turn;
  private boolean open;
  private boolean still;
  private boolean expired;
  private long pauses;
  private Optional<Instant> pausedUntil = Optional.empty();
  private Timers.Alarm expiry = () -> {};

  /**
   * @param later takes what happens by itself
   */
  Place(JobDescription job, JobParts.Shared shared, Consumer<JobInput> later) {
    Set<SiteId> sites =
        job.manifest().consortium().members().stream()
            .map(member -> member.site())
            .collect(Collectors.toSet());
    this.claim = new Turns.Claim(job.id(), job.owner(), job.priority(), sites);
    this.shared = shared;
    this.later = later;
  }

  /** Asks for a turn, once; {@link JobInput.TurnCame} says that it came. */
  void ask() {
    if (!asked) {
      asked = true;
      shared.turns().ask(claim, () -> later.accept(new JobInput.TurnCame()));
    }
  }

  void turnCame() {
    turn = shared.turns().has(claim.job());
  }

  boolean hasTurn() {
    return turn;
  }

  /** The round that the turn was for is open. */
  void opened() {
    open = true;
  }

  /** A round is open, whosever turn it is. */
  void keep() {
    shared.turns().keep(claim);
    asked = true;
    turn = true;
    open = true;
  }

  /** No round is open; a turn that was used is over. */
  void roundIsOver() {
    if (open) {
      giveBack();
    }
  }

  private void giveBack() {
    shared.turns().leave(claim.job());
    asked = false;
    turn = false;
    open = false;
  }

  /** From now on the job may stand still for so long and no longer. */
  void pausedSince(Instant since) {
    expiry.cancel();
    Instant end = since.plus(shared.rules().longestPause());
    pausedUntil = Optional.of(end);
    expiry = shared.timers().schedule(end, () -> later.accept(new JobInput.PauseExpired()));
  }

  Optional<Instant> pausedUntil() {
    return pausedUntil;
  }

  void expire() {
    expired = true;
  }

  boolean expired() {
    return expired;
  }

  /** Whether the members have been told. */
  boolean standsStill() {
    return still;
  }

  /** One pause more: what comes after it is beyond what was before. Somebody else's turn it is. */
  JobProgress standStill(JobProgress upcoming) {
    still = true;
    giveBack();
    pauses++;
    return numbered(upcoming);
  }

  void resumed() {
    still = false;
    expired = false;
    pausedUntil = Optional.empty();
    expiry.cancel();
  }

  void numberedFrom(Resumption stored) {
    pauses = stored.pauses();
  }

  /** With the pauses so far. */
  JobProgress numbered(JobProgress upcoming) {
    return upcoming.resuming(new Resumption(pauses, upcoming.resumption().attempts()));
  }

  /** Nothing happens by itself any more. */
  void close(boolean ended) {
    expiry.cancel();
    if (ended) {
      shared.turns().forget(claim.job());
    } else {
      shared.turns().leave(claim.job());
    }
  }
}
