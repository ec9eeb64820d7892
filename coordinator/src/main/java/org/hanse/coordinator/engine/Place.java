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
  private Turn turn = Turn.NONE;
  private boolean still;
  private boolean expired;
  private long pauses;
  private Optional<Instant> pausedUntil = Optional.empty();
  private Timers.Alarm expiry = () -> {};

  private enum Turn {
    NONE,
    ASKED,
    /** It has come, and no round is open yet. */
    COME,
    /** A round is open. */
    USED
  }

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
    if (turn == Turn.NONE) {
      turn = Turn.ASKED;
      shared.turns().ask(claim, () -> later.accept(new JobInput.TurnCame()));
    }
  }

  void turnCame() {
    if (turn == Turn.ASKED && shared.turns().has(claim.job())) {
      turn = Turn.COME;
    }
  }

  boolean hasTurn() {
    return turn == Turn.COME;
  }

  /** The round that the turn was for is open. */
  void opened() {
    turn = Turn.USED;
  }

  /** A round is open, whosever turn it is. */
  void keep() {
    shared.turns().keep(claim);
    turn = Turn.USED;
  }

  /** No round is open; a turn that was used is over. */
  void roundIsOver() {
    if (turn == Turn.USED) {
      giveBack();
    }
  }

  private void giveBack() {
    shared.turns().leave(claim.job());
    turn = Turn.NONE;
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
