package org.hanse.client.grpc;

import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.hanse.client.agent.CoordinatorException;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.JobId;
import org.hanse.core.vector.FloatVector;
import org.hanse.proto.v1.JobServiceGrpc;
import org.hanse.proto.v1.JobServiceGrpc.JobServiceBlockingStub;
import org.hanse.proto.v1.JobServiceGrpc.JobServiceBlockingV2Stub;
import org.hanse.proto.v1.ListJobsRequest;
import org.hanse.proto.v1.SubmitJobRequest;
import org.hanse.proto.v1.SubmitJobResponse;
import org.hanse.wire.ExplanationMessages;
import org.hanse.wire.JobEventMessages;
import org.hanse.wire.JobMessages;
import org.hanse.wire.MalformedMessageException;
import org.hanse.wire.SessionMessages;
import org.hanse.wire.StandingMessages;
import org.hanse.wire.TransferMessages;
import org.hanse.wire.WireLimits;
import org.hanse.wire.status.ErrorReason.Duty;
import org.hanse.wire.value.DataPiece;
import org.hanse.wire.value.DownloadRequest;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobExplanation;
import org.hanse.wire.value.JobSummary;
import org.hanse.wire.value.OrderedJob;
import org.hanse.wire.value.SubmitPart;
import org.hanse.wire.value.SubmitReceipt;
import org.hanse.wire.value.WatchRequest;

/**
 * A researcher's calls over one channel. Every call may be made again: a repeated submission is
 * answered like the first, streams start where the caller says. Each ends within the given time.
 * Thread-safe.
 */
public final class JobClient {
  private final JobServiceBlockingStub unary;
  private final JobServiceBlockingV2Stub streaming;

  /** Calls over {@code channel}, which stays its owner's. */
  public JobClient(ManagedChannel channel) {
    this.unary = JobServiceGrpc.newBlockingStub(channel);
    this.streaming = JobServiceGrpc.newBlockingV2Stub(channel);
  }

  /** Takes what a stream brings; throwing ends the call. */
  @FunctionalInterface
  public interface Sink<T> {
    void accept(T item) throws IOException;
  }

  /**
   * Submits a job.
   *
   * @param manifest its exact bytes, and the job's priority
   * @param initialModel in the manifest's layout
   */
  public SubmitReceipt submit(
      SubmitPart.Manifest manifest, FloatVector initialModel, Duration atMost)
      throws CoordinatorException, InterruptedException {
    BlockingClientCall<SubmitJobRequest, SubmitJobResponse> call = within(atMost).submitJob();
    try {
      boolean open = call.write(JobMessages.encode(manifest));
      MemorySegment model = initialModel.segment();
      for (long offset = 0; open && offset < model.byteSize(); ) {
        long size = Math.min(WireLimits.MAX_CHUNK_BYTES, model.byteSize() - offset);
        byte[] bytes = model.asSlice(offset, size).toArray(ValueLayout.JAVA_BYTE);
        open = call.write(JobMessages.encode(new SubmitPart.Model(new DataPiece(offset, bytes))));
        offset += size;
      }
      call.halfClose();
      SubmitJobResponse response = call.read();
      if (response == null) {
        throw CoordinatorException.failed(
            Duty.RETRY, "no answer to the submission", new IllegalStateException("empty stream"));
      }
      return JobMessages.decode(response);
    } catch (StatusException e) {
      throw SiteClient.translate(unchecked(e));
    } catch (MalformedMessageException e) {
      throw SiteClient.malformed(e);
    } finally {
      call.cancel("the caller is done", null);
    }
  }

  public JobSummary job(JobId job, Duration atMost)
      throws CoordinatorException, InterruptedException {
    return ask(atMost, stub -> JobMessages.decode(stub.getJob(JobMessages.encodeGetRequest(job))));
  }

  /** What a job waits for. */
  public JobExplanation explain(JobId job, Duration atMost)
      throws CoordinatorException, InterruptedException {
    return ask(
        atMost,
        stub -> ExplanationMessages.decode(stub.explainJob(JobMessages.encodeGetRequest(job))));
  }

  public List<JobSummary> jobs(Duration atMost) throws CoordinatorException, InterruptedException {
    return ask(
        atMost, stub -> JobMessages.decode(stub.listJobs(ListJobsRequest.getDefaultInstance())));
  }

  /** The manifest's exact bytes. */
  public Bytes manifest(JobId job, Duration atMost)
      throws CoordinatorException, InterruptedException {
    return ask(
        atMost,
        stub ->
            SessionMessages.decode(
                stub.getJobManifest(SessionMessages.encodeManifestRequest(job))));
  }

  /** No round opens any more until the job is resumed. */
  public void pause(OrderedJob order, Duration atMost)
      throws CoordinatorException, InterruptedException {
    var _ = ask(atMost, stub -> stub.pauseJob(StandingMessages.encode(order)));
  }

  /** Rounds open again. */
  public void resume(OrderedJob order, Duration atMost)
      throws CoordinatorException, InterruptedException {
    var _ = ask(atMost, stub -> stub.resumeJob(StandingMessages.encode(order)));
  }

  /** Ends a job; one that is over already stays as it is. */
  public void abort(OrderedJob order, Duration atMost)
      throws CoordinatorException, InterruptedException {
    var _ = ask(atMost, stub -> stub.abortJob(StandingMessages.encode(order)));
  }

  /** Follows a job's history until the coordinator ends the stream. */
  public void watch(WatchRequest request, Duration atMost, Sink<JobEventEntry> sink)
      throws CoordinatorException, InterruptedException, IOException {
    receive(within(atMost).watchJob(JobMessages.encode(request)), JobEventMessages::decode, sink);
  }

  /** A model's bytes from an offset on. */
  public void downloadModel(DownloadRequest.Model request, Duration atMost, Sink<DataPiece> sink)
      throws CoordinatorException, InterruptedException, IOException {
    receive(
        within(atMost).downloadJobModel(TransferMessages.encodeJobModel(request)),
        TransferMessages::decode,
        sink);
  }

  private static <M, T> void receive(
      BlockingClientCall<?, M> call, Function<M, T> decode, Sink<T> sink)
      throws CoordinatorException, InterruptedException, IOException {
    try {
      for (M message = call.read(); message != null; message = call.read()) {
        sink.accept(decode.apply(message));
      }
    } catch (StatusException e) {
      throw SiteClient.translate(unchecked(e));
    } catch (MalformedMessageException e) {
      throw SiteClient.malformed(e);
    } finally {
      call.cancel("the caller is done", null);
    }
  }

  private <T> T ask(Duration atMost, Function<JobServiceBlockingStub, T> call)
      throws CoordinatorException, InterruptedException {
    try {
      return call.apply(unary.withDeadlineAfter(atMost.toMillis(), TimeUnit.MILLISECONDS));
    } catch (StatusRuntimeException e) {
      throw SiteClient.translate(e);
    } catch (MalformedMessageException e) {
      throw SiteClient.malformed(e);
    }
  }

  private JobServiceBlockingV2Stub within(Duration atMost) {
    return streaming.withDeadlineAfter(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static StatusRuntimeException unchecked(StatusException e) {
    return e.getStatus().asRuntimeException(e.getTrailers());
  }
}
