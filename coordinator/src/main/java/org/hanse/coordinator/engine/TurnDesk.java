package org.hanse.coordinator.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.hanse.coordinator.job.Turns;
import org.hanse.core.plan.JobId;

/**
 * Deals turns to the jobs of a coordinator. Nobody's turn comes before {@link #open}, when all
 * rounds that were open before a stop are known. Thread-safe.
 */
public final class TurnDesk {
  private final Turns turns;
  private final Map<JobId, Runnable> calls = new HashMap<>();
  private boolean dealing;

  /**
   * @param maxRoundsPerSite rounds that a site may be in at once, at least 1
   */
  public TurnDesk(int maxRoundsPerSite) {
    this.turns = new Turns(maxRoundsPerSite);
  }

  /** Turns are dealt from now on. */
  public synchronized void open() {
    dealing = true;
    deal();
  }

  /**
   * Asks for a turn.
   *
   * @param come called once, when it comes; must not block. Until {@link #leave} the turn lasts
   */
  synchronized void ask(Turns.Claim claim, Runnable come) {
    calls.put(claim.job(), come);
    turns.ask(claim);
    deal();
  }

  /** The job's round is open already. */
  synchronized void keep(Turns.Claim claim) {
    turns.keep(claim);
  }

  /** Whether the job has a turn. */
  synchronized boolean has(JobId job) {
    return turns.isOpen(job);
  }

  /** The job has no turn and waits for none. */
  synchronized void leave(JobId job) {
    calls.remove(job);
    turns.leave(job);
    deal();
  }

  /** The job is over. */
  synchronized void forget(JobId job) {
    calls.remove(job);
    turns.forget(job);
    deal();
  }

  /** Why the job waits; empty if it does not wait for its turn. */
  synchronized Optional<Turns.Obstacle> obstacle(JobId job) {
    return turns.obstacle(job);
  }

  private void deal() {
    if (dealing) {
      for (JobId job : turns.next()) {
        Runnable come = calls.remove(job);
        if (come != null) {
          come.run();
        }
      }
    }
  }
}
