package org.hanse.coordinator.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import org.hanse.coordinator.engine.Answer;
import org.hanse.coordinator.engine.JobInput;
import org.hanse.coordinator.engine.JobSnapshots;
import org.hanse.coordinator.engine.RunningJob;
import org.hanse.proto.v1.DataChunk;
import org.hanse.proto.v1.DownloadJobModelRequest;
import org.hanse.proto.v1.GetJobRequest;
import org.hanse.proto.v1.GetManifestRequest;
import org.hanse.proto.v1.GetManifestResponse;
import org.hanse.proto.v1.JobEvent;
import org.hanse.proto.v1.JobExplanation;
import org.hanse.proto.v1.JobServiceGrpc;
import org.hanse.proto.v1.JobStatus;
import org.hanse.proto.v1.ListJobsRequest;
import org.hanse.proto.v1.ListJobsResponse;
import org.hanse.proto.v1.OrderRequest;
import org.hanse.proto.v1.OrderResponse;
import org.hanse.proto.v1.SubmitJobRequest;
import org.hanse.proto.v1.SubmitJobResponse;
import org.hanse.proto.v1.WatchJobRequest;
import org.hanse.wire.ExplanationMessages;
import org.hanse.wire.JobMessages;
import org.hanse.wire.SessionMessages;
import org.hanse.wire.StandingMessages;
import org.hanse.wire.TransferMessages;
import org.hanse.wire.WireLimits;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.StatusMapper;
import org.hanse.wire.value.DownloadRequest;
import org.hanse.wire.value.JobOrder;
import org.hanse.wire.value.JobSummary;
import org.hanse.wire.value.OrderedJob;
import org.hanse.wire.value.WatchRequest;

/** What researchers ask. Everybody sees the jobs they submitted themselves. */
final class JobEndpoint extends JobServiceGrpc.JobServiceImplBase {
  /** Submissions that may stream their models at once. */
  static final int MAX_SUBMISSIONS = 8;

  static final int MAX_SUBMISSIONS_PER_USER = 2;

  private final ServiceParts parts;
  private final JobAccess jobs;
  private final Responses responses;
  private final Downloads downloads;
  private final CallTimes times;
  private final CallCap submissions =
      new CallCap("submissions", MAX_SUBMISSIONS_PER_USER, MAX_SUBMISSIONS);

  JobEndpoint(ServiceParts parts, Downloads downloads, CallTimes times) {
    this.parts = parts;
    this.downloads = downloads;
    this.times = times;
    this.jobs = new JobAccess(parts.jobs());
    this.responses = new Responses(parts.executor());
  }

  @Override
  public StreamObserver<SubmitJobRequest> submitJob(StreamObserver<SubmitJobResponse> observer) {
    String user = Callers.user();
    return SubmissionReceiver.start(
        parts,
        user,
        submissions.enter(Callers.caller()),
        times.submission(),
        (ServerCallStreamObserver<SubmitJobResponse>) observer);
  }

  @Override
  public void getJob(GetJobRequest request, StreamObserver<JobStatus> observer) {
    RunningJob job = jobs.ownedBy(Callers.user(), JobMessages.decode(request));
    Responses.send(observer, JobMessages.encode(job.snapshots().summary()));
  }

  @Override
  public void explainJob(GetJobRequest request, StreamObserver<JobExplanation> observer) {
    RunningJob job = jobs.ownedBy(Callers.user(), JobMessages.decode(request));
    Responses.send(observer, ExplanationMessages.encode(job.snapshots().explanation()));
  }

  @Override
  public void getJobManifest(
      GetManifestRequest request, StreamObserver<GetManifestResponse> observer) {
    RunningJob job = jobs.ownedBy(Callers.user(), SessionMessages.decode(request));
    Responses.send(observer, SessionMessages.encodeManifest(job.description().exactBytes()));
  }

  @Override
  public void listJobs(ListJobsRequest request, StreamObserver<ListJobsResponse> observer) {
    String user = Callers.user();
    List<JobSummary> own =
        parts.jobs().all().reversed().stream()
            .filter(job -> job.description().owner().equals(user))
            .map(RunningJob::snapshots)
            .map(JobSnapshots::summary)
            .limit(WireLimits.MAX_LISTED_JOBS)
            .toList();
    Responses.send(observer, JobMessages.encode(own));
  }

  @Override
  public void watchJob(WatchJobRequest request, StreamObserver<JobEvent> observer) {
    WatchRequest watch = JobMessages.decode(request);
    RunningJob job = jobs.ownedBy(Callers.user(), watch.job());
    HistorySender.send(
        job.history(),
        watch.fromSequence(),
        (ServerCallStreamObserver<JobEvent>) observer,
        times.answerStall());
  }

  @Override
  public void pauseJob(OrderRequest request, StreamObserver<OrderResponse> observer) {
    order(JobInput.Command.PAUSE, request, observer);
  }

  @Override
  public void resumeJob(OrderRequest request, StreamObserver<OrderResponse> observer) {
    order(JobInput.Command.RESUME, request, observer);
  }

  @Override
  public void abortJob(OrderRequest request, StreamObserver<OrderResponse> observer) {
    order(JobInput.Command.ABORT, request, observer);
  }

  private void order(
      JobInput.Command command, OrderRequest request, StreamObserver<OrderResponse> observer) {
    String user = Callers.user();
    OrderedJob ordered = StandingMessages.decode(request);
    RunningJob job = jobs.ownedBy(user, ordered.job());
    responses.sendWhenDone(
        job.order(command, new JobOrder(user, ordered.note())),
        observer,
        said -> {
          // A job that is over, however it ended, cannot be stopped any more.
          if (!(said instanceof Answer.JobOver && command == JobInput.Command.ABORT)) {
            JobAccess.requireTaken(said);
          }
          return OrderResponse.getDefaultInstance();
        });
  }

  @Override
  public void downloadJobModel(
      DownloadJobModelRequest request, StreamObserver<DataChunk> observer) {
    DownloadRequest.Model wanted = TransferMessages.decode(request);
    RunningJob job = jobs.ownedBy(Callers.user(), wanted.job());
    downloads.send(
        () -> job.files().models().open(wanted.modelHash()),
        () -> StatusMapper.toStatus(ErrorReason.UNKNOWN_MODEL, "the job has no such model"),
        wanted.offsetBytes(),
        observer);
  }
}
