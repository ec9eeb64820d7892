package org.hanse.client.agent;

import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.JobId;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.wire.AttemptMessages;
import org.hanse.wire.AuditMessages;
import org.hanse.wire.SessionMessages;
import org.hanse.wire.SiteMessages;
import org.hanse.wire.TransferMessages;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.Refusal;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.ChunkRequest;
import org.hanse.wire.value.DataPiece;
import org.hanse.wire.value.DownloadRequest;
import org.hanse.wire.value.Greeting;
import org.hanse.wire.value.RoundReport;
import org.hanse.wire.value.UploadPart;
import org.hanse.wire.value.UploadProgress;
import org.hanse.wire.value.UploadedChunk;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkPosition;

/** One process's connection to the fake consortium, with faults at will. */
final class FakeConnection implements Coordinator {
  private static final long POLL_MILLIS = 200;

  /** Bytes of a download's piece: small, so that transfers break in the middle. */
  private static final int PIECE_BYTES = 12;

  private final FakeConsortium consortium;
  private final Faults faults;
  private volatile boolean dead;

  /** What goes wrong. */
  interface Faults {
    Faults NONE = (call, moment) -> {};

    /**
     * Called around each call.
     *
     * @param call its name, for example {@code send:Release}
     */
    void at(String call, Moment moment) throws CoordinatorException;
  }

  /** Around a call: did the coordinator get it or not? */
  enum Moment {
    BEFORE,
    AFTER
  }

  FakeConnection(FakeConsortium consortium, Faults faults) {
    this.consortium = consortium;
    this.faults = faults;
  }

  static CoordinatorException broken() {
    return CoordinatorException.failed(
        ErrorReason.Duty.RETRY, "connection broke", new IOException("reset"));
  }

  static CoordinatorException refused(ErrorReason reason) {
    return CoordinatorException.refused(Refusal.of(reason, ""));
  }

  private void around(String call, Moment moment) throws CoordinatorException {
    if (dead) {
      throw new SimulatedCrash("after the crash");
    }
    try {
      faults.at(call, moment);
    } catch (SimulatedCrash e) {
      dead = true;
      throw e;
    }
  }

  private void sent(MessageLite message) {
    synchronized (consortium.wire) {
      consortium.wire.writeBytes(message.toByteArray());
    }
  }

  @Override
  public void reconnect() {}

  @Override
  public Greeting.Welcome hello(Greeting.Hello hello) throws CoordinatorException {
    sent(SessionMessages.encode(hello));
    around("hello", Moment.BEFORE);
    around("hello", Moment.AFTER);
    return new Greeting.Welcome(1, TestJob.site(0), 1);
  }

  @Override
  public Optional<Work> nextWork(List<WorkPosition> positions, Duration atMost)
      throws CoordinatorException, InterruptedException {
    sent(AttemptMessages.encodePositions(positions));
    around("nextWork", Moment.BEFORE);
    Optional<Work> work = consortium.next(positions, POLL_MILLIS);
    if (work.isPresent()) {
      around("nextWork:" + work.get().position().stage(), Moment.AFTER);
    }
    return work;
  }

  @Override
  public Bytes manifest(JobId job) throws CoordinatorException {
    sent(SessionMessages.encodeManifestRequest(job));
    around("manifest", Moment.BEFORE);
    around("manifest", Moment.AFTER);
    return consortium.manifestBytes;
  }

  @Override
  public void report(RoundReport report) throws CoordinatorException {
    sent(SiteMessages.encode(report));
    around("report", Moment.BEFORE);
    consortium.report(report.round(), report.report());
    around("report", Moment.AFTER);
  }

  @Override
  public void send(AttemptMessage message) throws CoordinatorException {
    sent(SiteMessages.encode(message));
    String call = "send:" + message.message().getClass().getSimpleName();
    around(call, Moment.BEFORE);
    boolean taken = consortium.receive(message.attempt(), message.message());
    around(call, Moment.AFTER);
    if (!taken) {
      throw refused(ErrorReason.LATE);
    }
  }

  @Override
  public UploadProgress uploadProgress(AttemptId attempt) throws CoordinatorException {
    sent(AttemptMessages.encodeUploadStatusRequest(attempt));
    around("uploadProgress", Moment.BEFORE);
    around("uploadProgress", Moment.AFTER);
    return new UploadProgress(consortium.storedBytes() > 0 ? 1 : 0, consortium.committed(attempt));
  }

  @Override
  public UploadStream upload(AttemptId attempt, Duration atMost) {
    return new UploadStream() {
      @Override
      public void send(long index, byte[] chunk) throws CoordinatorException {
        sent(TransferMessages.encode(new UploadPart.Chunk(Optional.of(attempt), index, chunk)));
        around("upload:chunk", Moment.BEFORE);
        if (index != 0 || consortium.storedBytes() > 0) {
          throw refused(ErrorReason.CHUNK_OUT_OF_ORDER);
        }
        consortium.agentChunk(chunk);
        around("upload:chunk", Moment.AFTER);
      }

      @Override
      public UploadProgress commit(FromSite.UploadCommit commit) throws CoordinatorException {
        sent(TransferMessages.encode(new UploadPart.Commit(Optional.of(attempt), commit)));
        around("upload:commit", Moment.BEFORE);
        if (!consortium.checksOut(commit)) {
          throw refused(ErrorReason.WRONG_ROOT);
        }
        boolean taken = consortium.receive(attempt, commit);
        around("upload:commit", Moment.AFTER);
        return new UploadProgress(1, taken);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Revelation revelation(AttemptId attempt) throws CoordinatorException {
    sent(AuditMessages.encodeRevelationRequest(attempt));
    around("revelation", Moment.BEFORE);
    around("revelation", Moment.AFTER);
    return consortium.revelation().orElseThrow(() -> refused(ErrorReason.AUDIT_UNAVAILABLE));
  }

  @Override
  public UploadedChunk uploadedChunk(ChunkRequest request) throws CoordinatorException {
    sent(AuditMessages.encode(request));
    around("uploadedChunk", Moment.BEFORE);
    around("uploadedChunk", Moment.AFTER);
    return consortium.uploadedChunk(request);
  }

  @Override
  public void download(DownloadRequest request, Duration atMost, PieceSink sink)
      throws CoordinatorException, IOException {
    String call = "download:" + request.getClass().getSimpleName();
    around(call, Moment.BEFORE);
    byte[] content =
        switch (request) {
          case DownloadRequest.Model model -> {
            sent(TransferMessages.encode(model));
            yield consortium.modelBytes(model.modelHash());
          }
          case DownloadRequest.Result result -> {
            sent(TransferMessages.encode(result));
            yield consortium.sumBytes();
          }
        };
    for (int start = (int) request.offsetBytes(); start < content.length; start += PIECE_BYTES) {
      around(call + ":piece", Moment.BEFORE);
      int end = Math.min(content.length, start + PIECE_BYTES);
      sink.accept(new DataPiece(start, Arrays.copyOfRange(content, start, end)));
    }
    around(call, Moment.AFTER);
  }
}
