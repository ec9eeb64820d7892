package org.hanse.wire;

import java.util.Arrays;
import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.proto.v1.AttemptAborted;
import org.hanse.proto.v1.DealerConvicted;
import org.hanse.proto.v1.JobEvent;
import org.hanse.proto.v1.JobFinished;
import org.hanse.proto.v1.MetricValue;
import org.hanse.proto.v1.PausedJob;
import org.hanse.proto.v1.ResumedJob;
import org.hanse.proto.v1.RoundPublished;
import org.hanse.proto.v1.ShareRefused;
import org.hanse.proto.v1.SiteLeft;
import org.hanse.proto.v1.StageReached;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobStanding;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.hanse.wire.value.WorkPosition;

/** A job's history. */
public final class JobEventMessages {
  private JobEventMessages() {}

  public static JobEvent encode(JobEventEntry entry) {
    JobEvent.Builder message =
        JobEvent.newBuilder().setSequence(entry.sequence()).setTimeMillis(entry.timeMillis());
    return switch (entry.event()) {
      case JobEventValue.StageReached event ->
          message
              .setStage(
                  StageReached.newBuilder()
                      .setAttempt(AttemptMessages.encode(event.attempt()))
                      .setStage(AttemptMessages.encode(event.stage()))
                      .setSites(event.sites()))
              .build();
      case JobEventValue.RoundPublished event -> message.setPublished(encode(event)).build();
      case JobEventValue.AttemptAborted event ->
          message
              .setAborted(
                  AttemptAborted.newBuilder()
                      .setAttempt(AttemptMessages.encode(event.attempt()))
                      .setReason(event.reason().name()))
              .build();
      case JobEventValue.SiteLeft event ->
          message
              .setLeft(
                  SiteLeft.newBuilder()
                      .setAttempt(AttemptMessages.encode(event.attempt()))
                      .setSite(event.site().value())
                      .setReason(event.reason().name()))
              .build();
      case JobEventValue.ShareRefused event ->
          message
              .setShareRefused(
                  ShareRefused.newBuilder()
                      .setAttempt(AttemptMessages.encode(event.attempt()))
                      .setHolder(event.holder().value())
                      .setDealer(event.dealer().value())
                      .setReason(ComplaintReasons.encode(event.reason())))
              .build();
      case JobEventValue.DealerConvicted event ->
          message
              .setConvicted(
                  DealerConvicted.newBuilder()
                      .setAttempt(AttemptMessages.encode(event.attempt()))
                      .setDealer(event.dealer().value()))
              .build();
      case JobEventValue.Paused event -> message.setPaused(encode(event.standing())).build();
      case JobEventValue.Resumed event ->
          message
              .setResumed(ResumedJob.newBuilder().setOrder(StandingMessages.encode(event.order())))
              .build();
      case JobEventValue.Finished event -> message.setFinished(encode(event)).build();
    };
  }

  private static PausedJob encode(JobStanding paused) {
    PausedJob.Builder message =
        PausedJob.newBuilder().setReason(WorkMessages.nameOf(paused.reason()));
    paused.order().map(StandingMessages::encode).ifPresent(message::setOrder);
    return message.build();
  }

  private static JobFinished encode(JobEventValue.Finished event) {
    JobFinished.Builder message =
        JobFinished.newBuilder()
            .setState(JobMessages.encode(event.state()))
            .setReason(WorkMessages.nameOf(event.standing().reason()))
            .setModelHash(FieldPath.bytesOf(event.modelHash()))
            .setRounds(event.rounds());
    event.standing().order().map(StandingMessages::encode).ifPresent(message::setOrder);
    return message.build();
  }

  private static RoundPublished encode(JobEventValue.RoundPublished event) {
    RoundPublished.Builder message =
        RoundPublished.newBuilder()
            .setAttempt(AttemptMessages.encode(event.attempt()))
            .setCountedSites(event.countedSites())
            .setModelHash(FieldPath.bytesOf(event.modelHash()))
            .setUploadedBytes(event.uploadedBytes())
            .setDurationSeconds(event.durationSeconds());
    for (JobEventValue.MetricMean metric : event.metrics()) {
      message.addMetrics(MetricValue.newBuilder().setName(metric.name()).setValue(metric.value()));
    }
    return message.build();
  }

  public static JobEventEntry decode(JobEvent message) {
    FieldPath root = FieldPath.ROOT;
    long sequence = root.dot("sequence").range(message.getSequence(), 1, Long.MAX_VALUE);
    long time = root.dot("time_millis").range(message.getTimeMillis(), 0, Long.MAX_VALUE);
    JobEventValue event =
        switch (message.getEventCase()) {
          case STAGE -> decode(root.dot("stage"), message.getStage());
          case PUBLISHED -> decode(root.dot("published"), message.getPublished());
          case ABORTED -> decode(root.dot("aborted"), message.getAborted());
          case LEFT -> decode(root.dot("left"), message.getLeft());
          case SHARE_REFUSED -> decode(root.dot("share_refused"), message.getShareRefused());
          case CONVICTED -> decode(root.dot("convicted"), message.getConvicted());
          case PAUSED -> decode(root.dot("paused"), message.getPaused());
          case RESUMED -> decode(root.dot("resumed"), message.getResumed());
          case FINISHED -> decode(root.dot("finished"), message.getFinished());
          case EVENT_NOT_SET -> throw root.dot("event").refuse("must be set");
        };
    return new JobEventEntry(sequence, time, event);
  }

  private static JobEventValue.StageReached decode(FieldPath path, StageReached m) {
    WorkPosition position =
        AttemptMessages.position(
            path, new AttemptMessages.Place(m.hasAttempt(), m.getAttempt(), m.getStage(), 0));
    return new JobEventValue.StageReached(
        position.attempt(),
        position.stage(),
        path.dot("sites").range(m.getSites(), 0, Limits.MAX_MEMBERS));
  }

  private static JobEventValue.RoundPublished decode(FieldPath path, RoundPublished m) {
    FieldPath duration = path.dot("duration_seconds");
    if (duration.finite(m.getDurationSeconds()) < 0) {
      throw duration.refuse("must not be negative");
    }
    return new JobEventValue.RoundPublished(
        AttemptMessages.decode(path.dot("attempt"), m.hasAttempt(), m.getAttempt()),
        path.dot("counted_sites").range(m.getCountedSites(), 2, Limits.MAX_MEMBERS),
        path.dot("metrics")
            .list(m.getMetricsList(), 0, Limits.MAX_METRICS, JobEventMessages::decode),
        path.dot("model_hash").hash(m.getModelHash()),
        path.dot("uploaded_bytes").range(m.getUploadedBytes(), 0, Long.MAX_VALUE),
        m.getDurationSeconds());
  }

  private static JobEventValue.MetricMean decode(FieldPath path, MetricValue m) {
    return new JobEventValue.MetricMean(
        path.dot("name").identifier(m.getName()), path.dot("value").finite(m.getValue()));
  }

  private static JobEventValue.AttemptAborted decode(FieldPath path, AttemptAborted m) {
    return new JobEventValue.AttemptAborted(
        AttemptMessages.decode(path.dot("attempt"), m.hasAttempt(), m.getAttempt()),
        path.dot("reason").constant(AbortReason.class, m.getReason()));
  }

  private static JobEventValue.SiteLeft decode(FieldPath path, SiteLeft m) {
    FieldPath attemptPath = path.dot("attempt");
    AttemptId attempt = AttemptMessages.decode(attemptPath, m.hasAttempt(), m.getAttempt());
    JobEventValue.LeaveReason reason = leaveReason(path.dot("reason"), m.getReason());
    if (reason instanceof JobEventValue.LeaveReason.Declined) {
      attemptPath.dot("attempt").range(attempt.attempt(), 0, 0);
    }
    return new JobEventValue.SiteLeft(attempt, path.dot("site").site(m.getSite()), reason);
  }

  private static JobEventValue.LeaveReason leaveReason(FieldPath path, String name) {
    Optional<DeclineReason> declined =
        Arrays.stream(DeclineReason.values()).filter(r -> r.name().equals(name)).findFirst();
    return declined.isPresent()
        ? new JobEventValue.LeaveReason.Declined(declined.get())
        : new JobEventValue.LeaveReason.Dropped(path.constant(DropReason.class, name));
  }

  private static JobEventValue.ShareRefused decode(FieldPath path, ShareRefused m) {
    SiteId holder = path.dot("holder").site(m.getHolder());
    SiteId dealer = path.dot("dealer").site(m.getDealer());
    if (dealer.equals(holder)) {
      throw path.dot("dealer").refuse("must not be the holder");
    }
    return new JobEventValue.ShareRefused(
        AttemptMessages.decode(path.dot("attempt"), m.hasAttempt(), m.getAttempt()),
        holder,
        dealer,
        ComplaintReasons.decode(path.dot("reason"), m.getReason()));
  }

  private static JobEventValue.DealerConvicted decode(FieldPath path, DealerConvicted m) {
    return new JobEventValue.DealerConvicted(
        AttemptMessages.decode(path.dot("attempt"), m.hasAttempt(), m.getAttempt()),
        path.dot("dealer").site(m.getDealer()));
  }

  private static JobEventValue.Paused decode(FieldPath path, PausedJob m) {
    return new JobEventValue.Paused(
        StandingMessages.standing(
            path,
            JobState.PAUSED,
            m.getReason(),
            m.hasOrder() ? Optional.of(m.getOrder()) : Optional.empty()));
  }

  private static JobEventValue.Resumed decode(FieldPath path, ResumedJob m) {
    return new JobEventValue.Resumed(
        StandingMessages.decode(path.dot("order").present(m.hasOrder()), m.getOrder()));
  }

  private static JobEventValue.Finished decode(FieldPath path, JobFinished m) {
    JobState state = JobMessages.decode(path.dot("state"), m.getState());
    if (!state.ended()) {
      throw path.dot("state").refuse("must be a state that ends a job");
    }
    return new JobEventValue.Finished(
        StandingMessages.standing(
            path,
            state,
            m.getReason(),
            m.hasOrder() ? Optional.of(m.getOrder()) : Optional.empty()),
        path.dot("model_hash").hash(m.getModelHash()),
        path.dot("rounds").range(m.getRounds(), 0, Limits.MAX_ROUNDS));
  }
}
