package org.hanse.client.grpc;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.Contexts;
import org.hanse.proto.v1.DataChunk;
import org.hanse.proto.v1.DownloadJobModelRequest;
import org.hanse.proto.v1.GetJobRequest;
import org.hanse.proto.v1.GetManifestRequest;
import org.hanse.proto.v1.GetManifestResponse;
import org.hanse.proto.v1.JobEvent;
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
import org.hanse.wire.JobEventMessages;
import org.hanse.wire.JobMessages;
import org.hanse.wire.ManifestCodec;
import org.hanse.wire.SessionMessages;
import org.hanse.wire.StandingMessages;
import org.hanse.wire.TransferMessages;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.Refusal;
import org.hanse.wire.status.StatusMapper;
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
 * A coordinator for researchers that remembers what it was told and answers from a script. Calls
 * arrive one after the other.
 */
public final class FakeJobService extends JobServiceGrpc.JobServiceImplBase
    implements AutoCloseable {
  public static final int PIECE_BYTES = 1000;

  private final Server server;
  private final ManagedChannel channel;
  private final Deque<RuntimeException> failures = new ArrayDeque<>();
  private final List<String> calls = new ArrayList<>();
  private final List<JobEventEntry> history = new ArrayList<>();
  private Optional<Bytes> manifest = Optional.empty();
  private Optional<JobSummary> summary = Optional.empty();
  private Optional<JobSummary> successor = Optional.empty();
  private Deque<byte[]> models = new ArrayDeque<>();
  private byte[] submittedModel = {};
  private Optional<SubmitReceipt> otherReceipt = Optional.empty();
  private int eventsPerWatch = Integer.MAX_VALUE;
  private int bytesPerDownload = Integer.MAX_VALUE;
  private int downloadShift;

  public FakeJobService() throws IOException {
    String name = InProcessServerBuilder.generateName();
    server = InProcessServerBuilder.forName(name).directExecutor().addService(this).build().start();
    channel = InProcessChannelBuilder.forName(name).directExecutor().build();
  }

  public JobClient client() {
    return new JobClient(channel);
  }

  /** The next call fails so, the one after it as the next of these. */
  public void failNext(ErrorReason reason) {
    failures.add(StatusMapper.toStatus(reason, "so the test wants"));
  }

  /** Likewise, with all that a refusal may say. */
  public void failNext(Refusal refusal) {
    failures.add(StatusMapper.toStatus(refusal));
  }

  /** The next call fails as if the connection had broken. */
  public void breakNext() {
    failures.add(Status.UNAVAILABLE.withDescription("connection reset").asRuntimeException());
  }

  /** Calls in order, as {@code name argument}. */
  public List<String> calls() {
    return calls;
  }

  public void setHistory(List<JobEventEntry> events, int perWatch) {
    history.clear();
    history.addAll(events);
    eventsPerWatch = perWatch;
  }

  public void setSummary(JobSummary job) {
    summary = Optional.of(job);
  }

  /** What the job is by the time of the next download, its older models gone. */
  public void setSuccessor(JobSummary job) {
    successor = Optional.of(job);
  }

  public void setManifest(Bytes exactBytes) {
    manifest = Optional.of(exactBytes);
  }

  /** The first download gives the first model, and so on; the last stays. */
  public void setModels(int perDownload, byte[]... newest) {
    models = new ArrayDeque<>(Arrays.asList(newest));
    bytesPerDownload = perDownload;
  }

  /** Pieces of models claim to lie so many bytes further on. */
  public void setDownloadShift(int bytes) {
    downloadShift = bytes;
  }

  public void setReceipt(SubmitReceipt receipt) {
    otherReceipt = Optional.of(receipt);
  }

  public Optional<Bytes> submittedManifest() {
    return manifest;
  }

  public byte[] submittedModel() {
    return submittedModel;
  }

  @Override
  public StreamObserver<SubmitJobRequest> submitJob(StreamObserver<SubmitJobResponse> observer) {
    calls.add("submit");
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    Optional<RuntimeException> failure = Optional.ofNullable(failures.poll());
    Optional<Bytes> before = manifest;
    return new StreamObserver<>() {
      @Override
      public void onNext(SubmitJobRequest request) {
        switch (JobMessages.decode(request)) {
          case SubmitPart.Manifest part -> manifest = Optional.of(part.exactBytes());
          case SubmitPart.Model part -> {
            if (part.piece().offsetBytes() != model.size()) {
              throw new IllegalStateException("gap at " + part.piece().offsetBytes());
            }
            model.writeBytes(part.piece().data());
          }
        }
      }

      @Override
      public void onError(Throwable error) {
        calls.add("submit cancelled");
      }

      @Override
      public void onCompleted() {
        if (failure.isPresent()) {
          observer.onError(failure.get());
          return;
        }
        submittedModel = model.toByteArray();
        Bytes bytes = manifest.orElseThrow();
        JobId job = ManifestCodec.decode(bytes).job();
        observer.onNext(
            JobMessages.encode(
                otherReceipt.orElse(
                    new SubmitReceipt(
                        job, Contexts.planHash(bytes), !before.equals(Optional.of(bytes))))));
        observer.onCompleted();
      }
    };
  }

  @Override
  public void getJob(GetJobRequest request, StreamObserver<JobStatus> observer) {
    if (arrive("get " + JobMessages.decode(request), observer)) {
      observer.onNext(JobMessages.encode(summary.orElseThrow()));
      observer.onCompleted();
    }
  }

  @Override
  public void listJobs(ListJobsRequest request, StreamObserver<ListJobsResponse> observer) {
    if (arrive("list", observer)) {
      observer.onNext(JobMessages.encode(summary.stream().toList()));
      observer.onCompleted();
    }
  }

  @Override
  public void getJobManifest(
      GetManifestRequest request, StreamObserver<GetManifestResponse> observer) {
    if (arrive("manifest " + SessionMessages.decode(request), observer)) {
      observer.onNext(SessionMessages.encodeManifest(manifest.orElseThrow()));
      observer.onCompleted();
    }
  }

  @Override
  public void explainJob(
      GetJobRequest request, StreamObserver<org.hanse.proto.v1.JobExplanation> observer) {
    if (arrive("explain " + JobMessages.decode(request), observer)) {
      observer.onNext(
          ExplanationMessages.encode(
              new JobExplanation(
                  summary.orElseThrow(),
                  Optional.of(1_767_225_600_000L),
                  "it ends",
                  List.of(
                      new JobExplanation.SiteStanding(
                          new SiteId("site-2"),
                          JobExplanation.Standing.OWES,
                          Optional.of(1_767_225_500_000L))),
                  List.of(new JobId("other")))));
      observer.onCompleted();
    }
  }

  @Override
  public void pauseJob(OrderRequest request, StreamObserver<OrderResponse> observer) {
    order("pause", request, observer);
  }

  @Override
  public void resumeJob(OrderRequest request, StreamObserver<OrderResponse> observer) {
    order("resume", request, observer);
  }

  @Override
  public void abortJob(OrderRequest request, StreamObserver<OrderResponse> observer) {
    order("abort", request, observer);
  }

  private void order(String what, OrderRequest request, StreamObserver<OrderResponse> observer) {
    OrderedJob order = StandingMessages.decode(request);
    String note = order.note().isEmpty() ? "" : ": " + order.note();
    if (arrive(what + " " + order.job() + note, observer)) {
      observer.onNext(OrderResponse.getDefaultInstance());
      observer.onCompleted();
    }
  }

  @Override
  public void watchJob(WatchJobRequest request, StreamObserver<JobEvent> observer) {
    WatchRequest watch = JobMessages.decode(request);
    if (!arrive("watch " + watch.fromSequence(), observer)) {
      return;
    }
    long sent = 0;
    for (JobEventEntry entry : history) {
      if (entry.sequence() >= watch.fromSequence()) {
        if (sent++ == eventsPerWatch) {
          observer.onError(Status.UNAVAILABLE.withDescription("gone away").asRuntimeException());
          return;
        }
        observer.onNext(JobEventMessages.encode(entry));
      }
    }
    observer.onCompleted();
  }

  private static boolean has(JobSummary job, Hash model) {
    return job.modelHash().equals(model)
        || job.progress().best().filter(best -> best.modelHash().equals(model)).isPresent();
  }

  @Override
  public void downloadJobModel(
      DownloadJobModelRequest request, StreamObserver<DataChunk> observer) {
    DownloadRequest.Model wanted = TransferMessages.decode(request);
    if (!arrive("download " + wanted.offsetBytes(), observer)) {
      return;
    }
    if (successor.isPresent()) {
      summary = successor;
      successor = Optional.empty();
    }
    if (summary.filter(job -> !has(job, wanted.modelHash())).isPresent()) {
      observer.onError(StatusMapper.toStatus(ErrorReason.UNKNOWN_MODEL, "no such model"));
      return;
    }
    byte[] model = models.size() > 1 ? models.removeFirst() : models.getFirst();
    int begin = (int) wanted.offsetBytes();
    int end = (int) Math.min(model.length, (long) begin + bytesPerDownload);
    for (int offset = begin; offset < end; offset += PIECE_BYTES) {
      byte[] piece = Arrays.copyOfRange(model, offset, Math.min(end, offset + PIECE_BYTES));
      observer.onNext(TransferMessages.encode(new DataPiece(offset + downloadShift, piece)));
    }
    if (end < model.length) {
      observer.onError(Status.UNAVAILABLE.withDescription("gone away").asRuntimeException());
    } else {
      observer.onCompleted();
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  private boolean arrive(String call, StreamObserver<?> observer) {
    calls.add(call);
    RuntimeException failure = failures.poll();
    if (failure != null) {
      observer.onError(failure);
    }
    return failure == null;
  }
}
