package org.hanse.wire.value;

import java.util.List;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite.ComplaintReason;

/** What happened to a job. */
public sealed interface JobEventValue {
  /**
   * An attempt came to a stage.
   *
   * @param sites in this stage, 0 to 256
   */
  record StageReached(AttemptId attempt, WorkStage stage, int sites) implements JobEventValue {}

  /**
   * A round brought a new model.
   *
   * @param countedSites 2 to 256
   * @param metrics decoded from the masked sum, in the manifest's order
   * @param uploadedBytes of vectors, received in this round
   * @param durationSeconds from the round's opening to its publication
   */
  record RoundPublished(
      AttemptId attempt,
      int countedSites,
      List<MetricMean> metrics,
      Hash modelHash,
      long uploadedBytes,
      double durationSeconds)
      implements JobEventValue {
    public RoundPublished {
      metrics = List.copyOf(metrics);
    }
  }

  /** A metric's weighted mean over the counted sites; finite. */
  record MetricMean(String name, double value) {}

  record AttemptAborted(AttemptId attempt, AbortReason reason) implements JobEventValue {}

  /**
   * A site is out of the attempt, or sits the round out.
   *
   * @param attempt number 0 if it sits the round out
   */
  record SiteLeft(AttemptId attempt, SiteId site, LeaveReason reason) implements JobEventValue {}

  /**
   * A site refused the box that another dealt it, and one of the two lies: the round's next attempt
   * is without both.
   */
  record ShareRefused(AttemptId attempt, SiteId holder, SiteId dealer, ComplaintReason reason)
      implements JobEventValue {}

  /**
   * The dealer's shares matched their commitments and rebuilt another secret than it committed to:
   * it is out of the job.
   */
  record DealerConvicted(AttemptId attempt, SiteId dealer) implements JobEventValue {}

  /** No round opens from now on; a sum that sites have released for is still published. */
  record Paused(JobStanding standing) implements JobEventValue {
    public Paused {
      if (!standing.paused()) {
        throw new IllegalArgumentException("paused as " + standing);
      }
    }
  }

  /** The job goes on when its turn comes. */
  record Resumed(JobOrder order) implements JobEventValue {}

  /**
   * The last event.
   *
   * @param standing one that ends a job
   * @param modelHash the newest published model, or the initial one
   * @param rounds published
   */
  record Finished(JobStanding standing, Hash modelHash, long rounds) implements JobEventValue {
    public Finished {
      if (!standing.ended()) {
        throw new IllegalArgumentException("finished as " + standing);
      }
    }

    public JobState state() {
      return standing.state();
    }
  }

  /** Why a site left. */
  sealed interface LeaveReason {
    /** The reason's own name; no two reasons share one. */
    String name();

    record Dropped(DropReason reason) implements LeaveReason {
      @Override
      public String name() {
        return reason.name();
      }
    }

    record Declined(TrainingReport.DeclineReason reason) implements LeaveReason {
      @Override
      public String name() {
        return reason.name();
      }
    }
  }
}
