package org.hanse.coordinator.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.coordinator.round.RoundEffect;
import org.hanse.coordinator.round.RoundStep;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.coordinator.storage.JobChange.ModelUse;
import org.hanse.coordinator.storage.RoundOpening;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.MetricSpec;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobStanding;

/** What a round's steps change about the job as it is stored. Used by the job's loop alone. */
final class RoundChanges {
  /** Later stages and departures are left out; rounds and the end are always kept. */
  static final int MAX_DETAILED_EVENTS = 1 << 20;

  private final JobManifest manifest;
  private final RoundOpening opening;
  private long lastSequence;
  private JobProgress reached;

  /**
   * Those of one round.
   *
   * @param lastSequence of the job's history
   */
  RoundChanges(JobManifest manifest, RoundOpening opening, long lastSequence) {
    this.manifest = manifest;
    this.opening = opening;
    this.lastSequence = lastSequence;
    this.reached = opening.progress();
  }

  /** Where the job stands after the steps so far. */
  JobProgress reached() {
    return reached;
  }

  /** Of the history, these changes included. */
  long lastSequence() {
    return lastSequence;
  }

  /** The round itself. */
  List<JobChange> opened() {
    return List.of(
        new JobChange.RoundOpened(opening), new JobChange.Progressed(opening.progress()));
  }

  /**
   * What follows from a step beside its event.
   *
   * @param uploadedBytes of the vectors that came in this round; asked for once, at its end
   */
  List<JobChange> of(RoundStep step, Instant now, LongSupplier uploadedBytes) {
    note(step);
    List<JobChange> changes = new ArrayList<>();
    for (RoundEffect effect : step.effects()) {
      switch (effect) {
        case RoundEffect.Report(JobEventValue event) -> report(changes, event, now);
        case RoundEffect.Publish publish -> {
          report(changes, published(publish, now, uploadedBytes.getAsLong()), now);
          changes.add(new JobChange.ModelUsed(ModelUse.BASE, publish.proof().baseModelHash()));
          changes.add(new JobChange.ModelUsed(ModelUse.NEWEST, publish.proof().nextModelHash()));
          reached
              .best()
              .ifPresent(best -> changes.add(new JobChange.ModelUsed(ModelUse.BEST, best.model())));
          changes.add(new JobChange.Progressed(reached));
        }
        case RoundEffect.GiveUp giveUp -> {
          changes.add(new JobChange.RoundGivenUp(opening.round(), giveUp.reason()));
          changes.add(new JobChange.Progressed(reached));
        }
        case RoundEffect.Persist _,
            RoundEffect.Assign _,
            RoundEffect.Dismiss _,
            RoundEffect.Reject _,
            RoundEffect.AcceptUploads _,
            RoundEffect.StopUploads _,
            RoundEffect.Unmask _,
            RoundEffect.DiscardAttempt _,
            RoundEffect.WakeAt _ -> {}
      }
    }
    return changes;
  }

  /** A step whose changes are stored already. */
  void note(RoundStep step) {
    for (RoundEffect effect : step.effects()) {
      if (effect instanceof RoundEffect.Publish publish) {
        reached = reached.published(manifest, publish.proof(), publish.metrics());
      }
    }
    reached = reached.convicting(step.next().attendance().convicted());
  }

  /** The end of the job. */
  JobChange finished(JobStanding end, Instant now) {
    return reported(
        new JobEventValue.Finished(end, reached.model(), reached.publishedRounds()), now);
  }

  /** Something that is no step of the round. */
  JobChange reported(JobEventValue event, Instant now) {
    return new JobChange.Reported(new JobEventEntry(++lastSequence, now.toEpochMilli(), event));
  }

  private JobEventValue published(RoundEffect.Publish publish, Instant now, long uploadedBytes) {
    List<MetricSpec> metrics = manifest.aggregation().metrics();
    List<JobEventValue.MetricMean> means = new ArrayList<>();
    for (int k = 0; k < publish.metrics().size(); k++) {
      means.add(new JobEventValue.MetricMean(metrics.get(k).name(), publish.metrics().get(k)));
    }
    return new JobEventValue.RoundPublished(
        publish.attempt(),
        publish.counted().size(),
        means,
        publish.proof().nextModelHash(),
        uploadedBytes,
        Math.max(0, Duration.between(opening.openedAt(), now).toNanos() / 1e9));
  }

  private void report(List<JobChange> changes, JobEventValue event, Instant now) {
    if (lastSequence < MAX_DETAILED_EVENTS || !isDetail(event)) {
      changes.add(reported(event, now));
    }
  }

  private static boolean isDetail(JobEventValue event) {
    return switch (event) {
      case JobEventValue.StageReached stage -> true;
      case JobEventValue.SiteLeft left -> true;
      case JobEventValue.RoundPublished published -> false;
      case JobEventValue.AttemptAborted aborted -> false;
      case JobEventValue.ShareRefused refused -> false;
      case JobEventValue.DealerConvicted convicted -> false;
      case JobEventValue.Paused paused -> false;
      case JobEventValue.Resumed resumed -> false;
      case JobEventValue.Finished end -> false;
    };
  }
}
