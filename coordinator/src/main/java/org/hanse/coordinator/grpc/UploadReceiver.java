package org.hanse.coordinator.grpc;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.hanse.coordinator.engine.Answer;
import org.hanse.coordinator.grpc.JobAccess.Seat;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.coordinator.storage.UploadSpool;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite.UploadCommit;
import org.hanse.proto.v1.UploadRequest;
import org.hanse.proto.v1.UploadResponse;
import org.hanse.wire.TransferMessages;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.StatusMapper;
import org.hanse.wire.value.UploadPart;
import org.hanse.wire.value.UploadProgress;
import org.jspecify.annotations.Nullable;

/**
 * One upload stream. The next chunk is asked for when the last one is written, so the peer is never
 * ahead of the disk by more than the connection's window. Runs on the call's own thread.
 */
final class UploadReceiver implements StreamObserver<UploadRequest> {
  private final ServiceParts parts;
  private final SiteId site;
  private final ServerCallStreamObserver<UploadResponse> call;
  private final Responses responses;
  private @Nullable Target target;
  private boolean answered;

  /** Where the stream writes. */
  private record Target(AttemptId attempt, Seat seat, UploadSpool spool, long claim) {}

  private UploadReceiver(
      ServiceParts parts, SiteId site, ServerCallStreamObserver<UploadResponse> call) {
    this.parts = parts;
    this.site = site;
    this.call = call;
    this.responses = new Responses(parts.executor());
  }

  static UploadReceiver start(
      ServiceParts parts, SiteId site, ServerCallStreamObserver<UploadResponse> call) {
    UploadReceiver receiver = new UploadReceiver(parts, site, call);
    call.setOnCloseHandler(receiver::stop);
    call.disableAutoRequest();
    call.request(1);
    return receiver;
  }

  @Override
  public void onNext(UploadRequest request) {
    if (answered) {
      return;
    }
    try {
      UploadPart part = TransferMessages.decode(request);
      Target open = target == null ? open(part.attempt()) : target;
      if (target != null && part.attempt().isPresent()) {
        throw StatusMapper.toStatus(
            ErrorReason.FIELD_INVALID, "only the first message names the attempt");
      }
      target = open;
      switch (part) {
        case UploadPart.Chunk chunk -> append(open, chunk);
        case UploadPart.Commit commit -> commit(open, commit.commit());
      }
    } catch (IOException e) {
      answered = true;
      throw parts.storageFailed(e);
    } catch (RuntimeException e) {
      answered = true;
      throw e;
    }
  }

  private Target open(Optional<AttemptId> named) {
    AttemptId attempt =
        named.orElseThrow(() ->
            StatusMapper.toStatus(
                ErrorReason.FIELD_INVALID, "the first message names the attempt"));
    Seat seat = new JobAccess(parts.jobs()).seatOf(site, attempt.round().job());
    UploadSpool spool =
        seat.job()
            .files()
            .uploads()
            .find(attempt, seat.key())
            .orElseThrow(
                () -> StatusMapper.toStatus(notOpen(seat, attempt), "no upload is awaited"));
    return new Target(attempt, seat, spool, spool.claim());
  }

  private static ErrorReason notOpen(Seat seat, AttemptId attempt) {
    return attempt.round().equals(seat.job().snapshots().progress().round())
        ? ErrorReason.LATE
        : ErrorReason.STALE_ROUND;
  }

  private void append(Target open, UploadPart.Chunk chunk) throws IOException {
    UploadSpool.Result result = open.spool().append(open.claim(), chunk.index(), chunk.data());
    refuseUnlessStored(result);
    if (result == UploadSpool.Result.STORED) {
      open.seat().job().files().uploads().countReceived(chunk.data().length);
    }
    call.request(1);
  }

  /** Acknowledged when the chunks are on the disk and the round has taken the commit. */
  private void commit(Target open, UploadCommit commit) throws IOException {
    UploadSpool.Result result = open.spool().commit(open.claim(), commit);
    answered = true;
    switch (result) {
      case WRONG_LENGTH -> unfit(open, DropReason.WRONG_LENGTH);
      case WRONG_ROOT -> unfit(open, DropReason.WRONG_ROOT);
      case STORED, REPEATED -> taken(open, commit);
      case DIFFERENT_REPEAT, OUT_OF_ORDER, SUPERSEDED, LATE -> refuseUnlessStored(result);
    }
  }

  private void taken(Target open, UploadCommit commit) {
    answer(
        open,
        open.seat()
            .job()
            .submit(at ->
                new RoundEvent.MessageReceived(open.attempt(), open.seat().key(), commit, at)),
        open.spool()::acknowledge);
  }

  private void unfit(Target open, DropReason reason) {
    answer(
        open,
        open.seat()
            .job()
            .submit(
                at -> new RoundEvent.UploadUnfit(open.attempt(), open.seat().key(), reason, at)),
        () -> {});
  }

  private void answer(Target open, CompletableFuture<Answer> answer, Runnable whenTaken) {
    responses.sendWhenDone(
        answer,
        call,
        said -> {
          JobAccess.requireTaken(said);
          whenTaken.run();
          return TransferMessages.encode(
              new UploadProgress(storedChunks(open), open.spool().acknowledged()));
        });
  }

  private long storedChunks(Target open) {
    try {
      return open.spool().storedChunks();
    } catch (IOException e) {
      throw parts.storageFailed(e);
    }
  }

  private static void refuseUnlessStored(UploadSpool.Result result) {
    Optional<StatusRuntimeException> refused =
        switch (result) {
          case STORED, REPEATED -> Optional.empty();
          case DIFFERENT_REPEAT ->
              refused(ErrorReason.DIFFERENT_REPEAT, "other bytes were stored before");
          case OUT_OF_ORDER ->
              refused(ErrorReason.CHUNK_OUT_OF_ORDER, "not the chunk after the last one stored");
          case WRONG_LENGTH ->
              refused(ErrorReason.WRONG_LENGTH, "not the size that this chunk must have");
          case WRONG_ROOT -> refused(ErrorReason.WRONG_ROOT, "not the root of the chunks stored");
          case SUPERSEDED -> refused(ErrorReason.CALL_CANCELLED, "a later stream has taken over");
          case LATE -> refused(ErrorReason.LATE, "uploads of this attempt are over");
        };
    if (refused.isPresent()) {
      throw refused.get();
    }
  }

  private static Optional<StatusRuntimeException> refused(ErrorReason reason, String detail) {
    return Optional.of(StatusMapper.toStatus(reason, detail));
  }

  /** The stream broke: what was stored stays, and the upload resumes there. */
  @Override
  public void onError(Throwable broken) {
    stop();
  }

  /** Takes nothing more; also when the call was closed from elsewhere. */
  private void stop() {
    answered = true;
  }

  /** The stream ended without a commit: the site is told how far it came. */
  @Override
  public void onCompleted() {
    if (answered) {
      return;
    }
    answered = true;
    Target open = target;
    if (open == null) {
      throw StatusMapper.toStatus(ErrorReason.FIELD_INVALID, "the stream names no attempt");
    }
    Responses.send(call, TransferMessages.encode(new UploadProgress(storedChunks(open), false)));
  }
}
