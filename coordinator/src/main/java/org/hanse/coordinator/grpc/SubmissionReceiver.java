package org.hanse.coordinator.grpc;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import org.hanse.coordinator.engine.Jobs.Admission;
import org.hanse.coordinator.engine.Timers;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.storage.Staging;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.secagg.Contexts;
import org.hanse.proto.v1.SubmitJobRequest;
import org.hanse.proto.v1.SubmitJobResponse;
import org.hanse.wire.JobMessages;
import org.hanse.wire.MalformedMessageException;
import org.hanse.wire.ManifestCodec;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.Refusal;
import org.hanse.wire.status.StatusMapper;
import org.hanse.wire.value.DataPiece;
import org.hanse.wire.value.JobPriority;
import org.hanse.wire.value.SubmitPart;
import org.hanse.wire.value.SubmitReceipt;
import org.jspecify.annotations.Nullable;

/**
 * One submission: the manifest, then the initial model. Has a deadline of its own, since a model
 * that comes a byte at a time never stalls. Thread-safe.
 */
final class SubmissionReceiver implements StreamObserver<SubmitJobRequest> {
  /** The slowest link that a model is taken over, in bytes a second. */
  private static final long SLOWEST = 64 << 10;

  private final ServiceParts parts;
  private final String owner;
  private final CallCap.Place place;
  private final Duration patience;
  private final ServerCallStreamObserver<SubmitJobResponse> call;
  private Timers.Alarm deadline;
  private @Nullable Draft draft;
  private boolean over;

  /** A job in the making; nothing is staged for one that is there already. */
  private record Draft(JobDescription job, @Nullable Staging staging, PieceBuffer pieces) {}

  private SubmissionReceiver(
      ServiceParts parts,
      String owner,
      CallCap.Place place,
      Duration patience,
      ServerCallStreamObserver<SubmitJobResponse> call) {
    this.parts = parts;
    this.owner = owner;
    this.place = place;
    this.patience = patience;
    this.call = call;
    this.deadline = within(patience);
  }

  /**
   * Begins to receive; leaves {@code place} in the end.
   *
   * @param patience beside what the size of the model is given
   */
  static SubmissionReceiver start(
      ServiceParts parts,
      String owner,
      CallCap.Place place,
      Duration patience,
      ServerCallStreamObserver<SubmitJobResponse> call) {
    SubmissionReceiver receiver = new SubmissionReceiver(parts, owner, place, patience, call);
    call.setOnCancelHandler(receiver::end);
    // Whoever else closes the call, a guard or a timeout, tells only this handler.
    call.setOnCloseHandler(receiver::end);
    call.disableAutoRequest();
    call.request(1);
    return receiver;
  }

  private Timers.Alarm within(Duration time) {
    return parts
        .timers()
        .schedule(parts.clock().instant().plus(time), () -> parts.executor().execute(this::expire));
  }

  private synchronized void expire() {
    if (!over) {
      end();
      call.onError(
          StatusMapper.toStatus(ErrorReason.CALL_TIMED_OUT, "the submission takes too long"));
    }
  }

  @Override
  public synchronized void onNext(SubmitJobRequest request) {
    if (over) {
      return;
    }
    try {
      switch (JobMessages.decode(request)) {
        case SubmitPart.Manifest(Bytes exactBytes, JobPriority priority) ->
            begin(exactBytes, priority);
        case SubmitPart.Model(DataPiece piece) -> write(piece);
      }
      call.request(1);
    } catch (IOException e) {
      end();
      throw parts.storageFailed(e);
    } catch (RuntimeException e) {
      end();
      throw e;
    }
  }

  private void begin(Bytes exactBytes, JobPriority priority) throws IOException {
    if (draft != null) {
      throw StatusMapper.toStatus(ErrorReason.FIELD_INVALID, "one manifest a submission");
    }
    JobManifest manifest = parse(exactBytes);
    if (!manifest.consortium().coordinator().equals(parts.who().coordinator())) {
      throw StatusMapper.toStatus(
          ErrorReason.FOREIGN_COORDINATOR,
          "this coordinator's signing key is " + parts.who().coordinator());
    }
    JobDescription job =
        new JobDescription(manifest, exactBytes, Contexts.planHash(exactBytes), owner, priority);
    Staging staging =
        switch (parts.jobs().inquire(job)) {
          case CREATED -> parts.jobs().stage(job);
          case KNOWN -> null;
          case EXISTS -> throw exists(job);
          case FULL -> throw full();
        };
    long modelBytes = manifest.layout().parameterCount() * Float.BYTES;
    draft = new Draft(job, staging, new PieceBuffer(modelBytes));
    if (staging != null) {
      requireRoom(staging, DiskNeed.bytes(manifest));
    }
    deadline.cancel();
    deadline = within(patience.plusSeconds(modelBytes / SLOWEST));
  }

  private static JobManifest parse(Bytes exactBytes) {
    try {
      return ManifestCodec.decode(exactBytes);
    } catch (MalformedMessageException e) {
      throw StatusMapper.toStatus(
          new Refusal(
              ErrorReason.MANIFEST_INVALID,
              e.rule(),
              java.util.Optional.of(e.fieldPath()),
              java.util.Optional.empty()));
    }
  }

  private static void requireRoom(Staging staging, long neededBytes) throws IOException {
    long usableBytes = staging.usableBytes();
    if (usableBytes < neededBytes) {
      throw StatusMapper.toStatus(
          ErrorReason.STORAGE_UNAVAILABLE,
          "the job needs %d MiB of disk at the coordinator, %d MiB are free"
              .formatted(neededBytes >> 20, usableBytes >> 20));
    }
  }

  private void write(DataPiece piece) throws IOException {
    Draft open = requireDraft();
    if (!open.pieces().takes(piece)) {
      throw StatusMapper.toStatus(
          ErrorReason.OFFSET_OUT_OF_RANGE, "the model's pieces come in order and end with it");
    }
    Staging staging = open.staging();
    if (staging == null) {
      open.pieces().skip(piece);
    } else {
      open.pieces().write(piece, staging.model());
    }
  }

  @Override
  public synchronized void onCompleted() {
    if (over) {
      return;
    }
    try {
      Draft open = requireDraft();
      Admission admission = admit(open);
      SubmitReceipt receipt =
          switch (admission) {
            case CREATED -> new SubmitReceipt(open.job().id(), open.job().planHash(), true);
            case KNOWN -> new SubmitReceipt(open.job().id(), open.job().planHash(), false);
            case EXISTS -> throw exists(open.job());
            case FULL -> throw full();
          };
      Responses.send(call, JobMessages.encode(receipt));
    } catch (IOException e) {
      throw parts.storageFailed(e);
    } finally {
      end();
    }
  }

  private Admission admit(Draft open) throws IOException {
    Staging staging = open.staging();
    if (staging == null) {
      return Admission.KNOWN;
    }
    if (!open.pieces().complete()) {
      throw StatusMapper.toStatus(ErrorReason.MODEL_MISMATCH, "the model is not complete");
    }
    if (!staging.model().hash().equals(open.job().manifest().training().initialModelHash())) {
      throw StatusMapper.toStatus(
          ErrorReason.MODEL_MISMATCH, "the model is not the one that the manifest names");
    }
    return parts.jobs().admit(open.job(), staging);
  }

  private Draft requireDraft() {
    Draft open = draft;
    if (open == null) {
      throw StatusMapper.toStatus(ErrorReason.FIELD_INVALID, "the manifest comes first");
    }
    return open;
  }

  private static StatusRuntimeException exists(JobDescription job) {
    return StatusMapper.toStatus(ErrorReason.JOB_EXISTS, "another job has the id " + job.id());
  }

  private static StatusRuntimeException full() {
    return StatusMapper.toStatus(Refusal.overloaded("as many jobs run as may", Retries.OVERLOAD));
  }

  @Override
  public void onError(Throwable broken) {
    end();
  }

  /** Leaves nothing behind but a job that was admitted. */
  private synchronized void end() {
    if (over) {
      return;
    }
    over = true;
    deadline.cancel();
    place.leave();
    Draft open = draft;
    if (open == null || open.staging() == null) {
      return;
    }
    try {
      open.staging().close();
    } catch (IOException e) {
      parts.storageFailed(e);
    }
  }
}
