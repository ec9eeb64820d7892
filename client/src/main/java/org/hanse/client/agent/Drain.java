package org.hanse.client.agent;

import java.util.HashSet;
import java.util.Set;
import org.hanse.core.plan.JobId;

/** Lets a site finish the rounds that it is in and begin no other. Thread-safe. */
final class Drain {
  private final Runnable whenIdle;
  private final Set<JobId> inRound = new HashSet<>();
  private boolean requested;

  /**
   * @param whenIdle called once the site is drained, perhaps more than once
   */
  Drain(Runnable whenIdle) {
    this.whenIdle = whenIdle;
  }

  synchronized void request() {
    requested = true;
    look();
  }

  synchronized boolean requested() {
    return requested;
  }

  /** Whether the site is in a round of this job. */
  synchronized void standing(JobId job, boolean round) {
    if (round) {
      inRound.add(job);
    } else {
      inRound.remove(job);
    }
    look();
  }

  private void look() {
    if (requested && inRound.isEmpty()) {
      whenIdle.run();
    }
  }
}
