package org.hanse.client.grpc;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.hanse.client.agent.Coordinator;
import org.hanse.client.agent.CoordinatorException;
import org.hanse.client.agent.UploadStream;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.JobId;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.proto.v1.DataChunk;
import org.hanse.proto.v1.SiteServiceGrpc;
import org.hanse.proto.v1.SiteServiceGrpc.SiteServiceBlockingStub;
import org.hanse.wire.AttemptMessages;
import org.hanse.wire.AuditMessages;
import org.hanse.wire.MalformedMessageException;
import org.hanse.wire.SessionMessages;
import org.hanse.wire.SiteMessages;
import org.hanse.wire.TransferMessages;
import org.hanse.wire.status.Refusal;
import org.hanse.wire.status.StatusMapper;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.ChunkRequest;
import org.hanse.wire.value.DownloadRequest;
import org.hanse.wire.value.Greeting;
import org.hanse.wire.value.RoundReport;
import org.hanse.wire.value.UploadProgress;
import org.hanse.wire.value.UploadedChunk;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkPosition;

/** A site's calls over one channel. Thread-safe. */
public final class SiteClient implements Coordinator {
  /** Unary calls are answered from memory or after one write to disk. */
  private static final Duration UNARY_TIME = Duration.ofSeconds(30);

  private final SiteServiceBlockingStub blocking;
  private final SiteServiceGrpc.SiteServiceStub streaming;

  private final ManagedChannel channel;

  /** Calls over {@code channel}, which stays its owner's. */
  public SiteClient(ManagedChannel channel) {
    this.channel = channel;
    this.blocking = SiteServiceGrpc.newBlockingStub(channel);
    this.streaming = SiteServiceGrpc.newStub(channel);
  }

  @Override
  public void reconnect() {
    channel.resetConnectBackoff();
  }

  @Override
  public Greeting.Welcome hello(Greeting.Hello hello)
      throws CoordinatorException, InterruptedException {
    return unary(stub -> SessionMessages.decode(stub.hello(SessionMessages.encode(hello))));
  }

  @Override
  public Optional<Work> nextWork(List<WorkPosition> positions, Duration atMost)
      throws CoordinatorException, InterruptedException {
    return call(
        within(atMost),
        stub -> AttemptMessages.decode(stub.nextWork(AttemptMessages.encodePositions(positions))));
  }

  @Override
  public Bytes manifest(JobId job) throws CoordinatorException, InterruptedException {
    return unary(stub ->
        SessionMessages.decode(stub.getManifest(SessionMessages.encodeManifestRequest(job))));
  }

  @Override
  public void report(RoundReport report) throws CoordinatorException, InterruptedException {
    var _ = unary(stub -> stub.reportTraining(SiteMessages.encode(report)));
  }

  @Override
  public void send(AttemptMessage message) throws CoordinatorException, InterruptedException {
    var _ = unary(stub -> stub.sendMessage(SiteMessages.encode(message)));
  }

  @Override
  public UploadProgress uploadProgress(AttemptId attempt)
      throws CoordinatorException, InterruptedException {
    return unary(stub ->
        TransferMessages.decode(
            stub.getUploadStatus(AttemptMessages.encodeUploadStatusRequest(attempt))));
  }

  @Override
  public UploadStream upload(AttemptId attempt, Duration atMost) {
    return GrpcUploadStream.open(
        streaming.withDeadlineAfter(atMost.toMillis(), TimeUnit.MILLISECONDS), attempt);
  }

  @Override
  public void download(DownloadRequest request, Duration atMost, PieceSink sink)
      throws CoordinatorException, InterruptedException, IOException {
    // Leaving early, by an exception of the sink's, must end the call too.
    Context.CancellableContext call = Context.current().withCancellation();
    Context outer = call.attach();
    try {
      Iterator<DataChunk> chunks = begin(within(atMost), request);
      while (chunks.hasNext()) {
        sink.accept(TransferMessages.decode(chunks.next()));
      }
    } catch (StatusRuntimeException e) {
      throw translate(e);
    } catch (MalformedMessageException e) {
      throw malformed(e);
    } finally {
      call.detach(outer);
      call.cancel(null);
    }
  }

  @Override
  public Revelation revelation(AttemptId attempt)
      throws CoordinatorException, InterruptedException {
    return unary(stub ->
        AuditMessages.decode(stub.getRevelation(AuditMessages.encodeRevelationRequest(attempt))));
  }

  @Override
  public UploadedChunk uploadedChunk(ChunkRequest request)
      throws CoordinatorException, InterruptedException {
    return unary(
        stub -> AuditMessages.decode(stub.getUploadedChunk(AuditMessages.encode(request))));
  }

  private static Iterator<DataChunk> begin(SiteServiceBlockingStub stub, DownloadRequest request) {
    return switch (request) {
      case DownloadRequest.Model model -> stub.downloadModel(TransferMessages.encode(model));
      case DownloadRequest.Result result -> stub.downloadResult(TransferMessages.encode(result));
    };
  }

  private <T> T unary(Function<SiteServiceBlockingStub, T> call)
      throws CoordinatorException, InterruptedException {
    return call(within(UNARY_TIME), call);
  }

  private SiteServiceBlockingStub within(Duration atMost) {
    return blocking.withDeadlineAfter(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static <T> T call(SiteServiceBlockingStub stub, Function<SiteServiceBlockingStub, T> call)
      throws CoordinatorException, InterruptedException {
    try {
      return call.apply(stub);
    } catch (StatusRuntimeException e) {
      throw translate(e);
    } catch (MalformedMessageException e) {
      throw malformed(e);
    }
  }

  /** What a failed call means; an interrupted thread stays an interrupted thread. */
  static CoordinatorException translate(StatusRuntimeException e) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    Optional<Refusal> refusal = StatusMapper.refusalOf(e);
    return refusal.isPresent()
        ? CoordinatorException.refused(refusal.get())
        : CoordinatorException.failed(StatusMapper.dutyOf(e), describe(e.getStatus()), e);
  }

  static CoordinatorException malformed(MalformedMessageException e) {
    return CoordinatorException.violation(
        StatusMapper.printable("the coordinator's answer is not understood: " + e.getMessage()), e);
  }

  private static String describe(Status status) {
    String what =
        status.getDescription() == null ? status.getCode().name() : status.getDescription();
    Throwable cause = status.getCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return StatusMapper.printable(cause == null ? what : what + " (" + cause + ")");
  }
}
