package org.hanse.client.session;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hanse.core.plan.JobId;
import org.hanse.wire.WireLimits;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkPosition;
import org.hanse.wire.value.WorkStage;

/**
 * The last work item this site has taken of each job: what it names when it asks for more. At most
 * {@value WireLimits#MAX_POSITIONS}; jobs that ended make room first. Immutable.
 */
public final class Positions {
  public static final Positions NONE = new Positions(Map.of());

  private final Map<JobId, WorkPosition> byJob;

  private Positions(Map<JobId, WorkPosition> byJob) {
    this.byJob = byJob;
  }

  /** In the order in which the jobs were last heard of. */
  public List<WorkPosition> all() {
    return List.copyOf(byJob.values());
  }

  /**
   * After taking {@code work}. Empty if it does not lie beyond the job's position, or if it is a
   * new job and there are too many already that have not ended.
   */
  public Optional<Positions> take(Work work) {
    WorkPosition position = work.position();
    WorkPosition before = byJob.get(position.job());
    if (before != null && position.compareTo(before) <= 0) {
      return Optional.empty();
    }
    Map<JobId, WorkPosition> next = new LinkedHashMap<>(byJob);
    next.remove(position.job());
    if (next.size() >= WireLimits.MAX_POSITIONS) {
      Optional<JobId> ended =
          next.values().stream()
              .filter(p -> p.stage() == WorkStage.JOB_ENDED)
              .map(WorkPosition::job)
              .findFirst();
      if (ended.isEmpty()) {
        return Optional.empty();
      }
      next.remove(ended.get());
    }
    next.put(position.job(), position);
    return Optional.of(new Positions(next));
  }
}
