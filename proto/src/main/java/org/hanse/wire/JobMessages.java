package org.hanse.wire;

import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.Limits;
import org.hanse.proto.v1.ConvictedSite;
import org.hanse.proto.v1.GetJobRequest;
import org.hanse.proto.v1.JobStatus;
import org.hanse.proto.v1.ListJobsResponse;
import org.hanse.proto.v1.MetricValue;
import org.hanse.proto.v1.SubmitJobRequest;
import org.hanse.proto.v1.SubmitJobResponse;
import org.hanse.proto.v1.WatchJobRequest;
import org.hanse.wire.value.JobPriority;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.JobSummary;
import org.hanse.wire.value.SubmitPart;
import org.hanse.wire.value.SubmitReceipt;
import org.hanse.wire.value.WatchRequest;

/** What a researcher asks and is told, but for a job's history. */
public final class JobMessages {
  private JobMessages() {}

  public static SubmitJobRequest encode(SubmitPart part) {
    SubmitJobRequest.Builder request = SubmitJobRequest.newBuilder();
    return switch (part) {
      case SubmitPart.Manifest m ->
          request
              .setManifest(FieldPath.bytesOf(m.exactBytes()))
              .setPriority(encode(m.priority()))
              .build();
      case SubmitPart.Model m -> request.setModel(TransferMessages.encode(m.piece())).build();
    };
  }

  public static SubmitPart decode(SubmitJobRequest message) {
    FieldPath root = FieldPath.ROOT;
    return switch (message.getPartCase()) {
      case MANIFEST ->
          new SubmitPart.Manifest(
              Bytes.of(
                  root.dot("manifest")
                      .sized(message.getManifest(), 1, Limits.MAX_MANIFEST_BYTES)
                      .toByteArray()),
              decode(root.dot("priority"), message.getPriority()));
      case MODEL ->
          new SubmitPart.Model(TransferMessages.decode(root.dot("model"), message.getModel()));
      case PART_NOT_SET -> throw root.dot("part").refuse("must be set");
    };
  }

  public static SubmitJobResponse encode(SubmitReceipt receipt) {
    return SubmitJobResponse.newBuilder()
        .setJob(receipt.job().value())
        .setPlanHash(FieldPath.bytesOf(receipt.planHash()))
        .setCreated(receipt.created())
        .build();
  }

  public static SubmitReceipt decode(SubmitJobResponse message) {
    FieldPath root = FieldPath.ROOT;
    return new SubmitReceipt(
        root.dot("job").job(message.getJob()),
        root.dot("plan_hash").hash(message.getPlanHash()),
        message.getCreated());
  }

  public static GetJobRequest encodeGetRequest(JobId job) {
    return GetJobRequest.newBuilder().setJob(job.value()).build();
  }

  public static JobId decode(GetJobRequest message) {
    return FieldPath.ROOT.dot("job").job(message.getJob());
  }

  public static WatchJobRequest encode(WatchRequest request) {
    return WatchJobRequest.newBuilder()
        .setJob(request.job().value())
        .setFromSequence(request.fromSequence())
        .build();
  }

  /** A sequence number of 0 means from the start, 1. */
  public static WatchRequest decode(WatchJobRequest message) {
    FieldPath root = FieldPath.ROOT;
    return new WatchRequest(
        root.dot("job").job(message.getJob()),
        Math.max(1, root.dot("from_sequence").range(message.getFromSequence(), 0, Long.MAX_VALUE)));
  }

  public static JobStatus encode(JobSummary summary) {
    JobStatus.Builder message =
        JobStatus.newBuilder()
            .setJob(summary.job().value())
            .setTitle(summary.title())
            .setState(encode(summary.state()))
            .setPublishedRounds(summary.progress().publishedRounds())
            .setPlannedRounds(summary.progress().plannedRounds())
            .setReason(WorkMessages.nameOf(summary.standing().reason()))
            .setModelHash(FieldPath.bytesOf(summary.modelHash()))
            .setPlanHash(FieldPath.bytesOf(summary.planHash()))
            .setWaitingFor(summary.waitingFor());
    summary.standing().order().map(StandingMessages::encode).ifPresent(message::setOrder);
    for (JobSummary.Convicted convicted : summary.progress().convicted()) {
      message.addConvicted(
          ConvictedSite.newBuilder().setSite(convicted.site().value()).setRound(convicted.round()));
    }
    summary.progress().best().map(JobMessages::encode).ifPresent(message::setBest);
    return message.build();
  }

  private static org.hanse.proto.v1.BestModel encode(JobSummary.Best best) {
    return org.hanse.proto.v1.BestModel.newBuilder()
        .setModelHash(FieldPath.bytesOf(best.modelHash()))
        .setRounds(best.rounds())
        .setMetric(MetricValue.newBuilder().setName(best.metric()).setValue(best.value()))
        .build();
  }

  public static JobSummary decode(JobStatus message) {
    return decode(FieldPath.ROOT, message);
  }

  static JobSummary decode(FieldPath path, JobStatus m) {
    JobState state = decode(path.dot("state"), m.getState());
    long planned = path.dot("planned_rounds").range(m.getPlannedRounds(), 1, Limits.MAX_ROUNDS);
    List<JobSummary.Convicted> convicted =
        path.dot("convicted")
            .list(m.getConvictedList(), 0, Limits.MAX_MEMBERS, JobMessages::decode);
    path.dot("convicted").distinct(convicted, JobSummary.Convicted::site, "site");
    return new JobSummary(
        path.dot("job").job(m.getJob()),
        path.dot("title").text(m.getTitle(), 1, Limits.MAX_TEXT_LENGTH),
        StandingMessages.standing(
            path,
            state,
            m.getReason(),
            m.hasOrder() ? Optional.of(m.getOrder()) : Optional.empty()),
        new JobSummary.Progress(
            path.dot("published_rounds").range(m.getPublishedRounds(), 0, planned),
            planned,
            convicted,
            m.hasBest() ? Optional.of(decode(path.dot("best"), m.getBest())) : Optional.empty()),
        path.dot("model_hash").hash(m.getModelHash()),
        path.dot("plan_hash").hash(m.getPlanHash()),
        path.dot("waiting_for").text(m.getWaitingFor(), 0, Limits.MAX_TEXT_LENGTH));
  }

  private static JobSummary.Best decode(FieldPath path, org.hanse.proto.v1.BestModel m) {
    FieldPath metric = path.dot("metric").present(m.hasMetric());
    return new JobSummary.Best(
        path.dot("model_hash").hash(m.getModelHash()),
        path.dot("rounds").range(m.getRounds(), 0, Limits.MAX_ROUNDS),
        metric.dot("name").identifier(m.getMetric().getName()),
        metric.dot("value").finite(m.getMetric().getValue()));
  }

  private static JobSummary.Convicted decode(FieldPath path, ConvictedSite m) {
    return new JobSummary.Convicted(
        path.dot("site").site(m.getSite()),
        path.dot("round").range(m.getRound(), 1, Limits.MAX_ROUNDS));
  }

  /** At most {@link WireLimits#MAX_LISTED_JOBS}. */
  public static ListJobsResponse encode(List<JobSummary> jobs) {
    ListJobsResponse.Builder message = ListJobsResponse.newBuilder();
    jobs.forEach(job -> message.addJobs(encode(job)));
    return message.build();
  }

  public static List<JobSummary> decode(ListJobsResponse message) {
    return FieldPath.ROOT
        .dot("jobs")
        .list(message.getJobsList(), 0, WireLimits.MAX_LISTED_JOBS, JobMessages::decode);
  }

  private static org.hanse.proto.v1.JobPriority encode(JobPriority priority) {
    return switch (priority) {
      case LOW -> org.hanse.proto.v1.JobPriority.JOB_PRIORITY_LOW;
      case NORMAL -> org.hanse.proto.v1.JobPriority.JOB_PRIORITY_NORMAL;
      case HIGH -> org.hanse.proto.v1.JobPriority.JOB_PRIORITY_HIGH;
    };
  }

  private static JobPriority decode(FieldPath path, org.hanse.proto.v1.JobPriority priority) {
    return switch (priority) {
      case JOB_PRIORITY_LOW -> JobPriority.LOW;
      case JOB_PRIORITY_NORMAL, JOB_PRIORITY_UNSPECIFIED -> JobPriority.NORMAL;
      case JOB_PRIORITY_HIGH -> JobPriority.HIGH;
      case UNRECOGNIZED -> throw path.refuse("must be a known priority");
    };
  }

  static org.hanse.proto.v1.JobState encode(JobState state) {
    return switch (state) {
      case QUEUED -> org.hanse.proto.v1.JobState.JOB_STATE_QUEUED;
      case PAUSED -> org.hanse.proto.v1.JobState.JOB_STATE_PAUSED;
      case RUNNING -> org.hanse.proto.v1.JobState.JOB_STATE_RUNNING;
      case COMPLETED -> org.hanse.proto.v1.JobState.JOB_STATE_COMPLETED;
      case FAILED -> org.hanse.proto.v1.JobState.JOB_STATE_FAILED;
      case ABORTED -> org.hanse.proto.v1.JobState.JOB_STATE_ABORTED;
    };
  }

  static JobState decode(FieldPath path, org.hanse.proto.v1.JobState state) {
    return switch (state) {
      case JOB_STATE_QUEUED -> JobState.QUEUED;
      case JOB_STATE_PAUSED -> JobState.PAUSED;
      case JOB_STATE_RUNNING -> JobState.RUNNING;
      case JOB_STATE_COMPLETED -> JobState.COMPLETED;
      case JOB_STATE_FAILED -> JobState.FAILED;
      case JOB_STATE_ABORTED -> JobState.ABORTED;
      case JOB_STATE_UNSPECIFIED, UNRECOGNIZED -> throw path.refuse("must be a known job state");
    };
  }
}
