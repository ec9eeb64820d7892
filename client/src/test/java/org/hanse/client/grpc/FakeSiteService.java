package org.hanse.client.grpc;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.hanse.core.plan.AttemptId;
import org.hanse.proto.v1.DataChunk;
import org.hanse.proto.v1.DownloadModelRequest;
import org.hanse.proto.v1.GetRevelationRequest;
import org.hanse.proto.v1.GetUploadStatusRequest;
import org.hanse.proto.v1.GetUploadStatusResponse;
import org.hanse.proto.v1.GetUploadedChunkRequest;
import org.hanse.proto.v1.HelloRequest;
import org.hanse.proto.v1.HelloResponse;
import org.hanse.proto.v1.NextWorkRequest;
import org.hanse.proto.v1.NextWorkResponse;
import org.hanse.proto.v1.RevealedSecret;
import org.hanse.proto.v1.Revelation;
import org.hanse.proto.v1.SiteServiceGrpc;
import org.hanse.proto.v1.UploadRequest;
import org.hanse.proto.v1.UploadResponse;
import org.hanse.proto.v1.UploadedChunk;
import org.hanse.wire.AttemptMessages;
import org.hanse.wire.AuditMessages;
import org.hanse.wire.SessionMessages;
import org.hanse.wire.TransferMessages;
import org.hanse.wire.status.Refusal;
import org.hanse.wire.status.StatusMapper;
import org.hanse.wire.value.DataPiece;
import org.hanse.wire.value.Greeting;
import org.hanse.wire.value.UploadPart;
import org.hanse.wire.value.UploadProgress;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkPosition;
import org.jspecify.annotations.Nullable;

/** The coordinator's side of the calls, as simple as can be. */
final class FakeSiteService extends SiteServiceGrpc.SiteServiceImplBase {
  static final byte[] MODEL = new byte[100];

  static {
    for (int i = 0; i < MODEL.length; i++) {
      MODEL[i] = (byte) (i * 7);
    }
  }

  final List<List<WorkPosition>> asked = new ArrayList<>();
  final List<UploadPart> uploaded = new ArrayList<>();
  final CountDownLatch downloadCancelled = new CountDownLatch(1);
  Optional<Work> work = Optional.empty();
  Optional<Refusal> refusal = Optional.empty();

  /** What no coordinator of ours says. */
  Optional<StatusRuntimeException> failure = Optional.empty();

  HelloResponse welcome =
      SessionMessages.encode(new Greeting.Welcome(1, new org.hanse.core.plan.SiteId("site-0"), 20));

  /** Refuse an upload after this many parts; never if negative. */
  int refuseUploadAfter = -1;

  /** Attempts whose audit was asked for. */
  final List<AttemptId> audited = new ArrayList<>();

  private <T> void answer(StreamObserver<T> observer, T answer) {
    if (failure.isPresent()) {
      observer.onError(failure.get());
      return;
    }
    if (refusal.isPresent()) {
      observer.onError(StatusMapper.toStatus(refusal.get()));
      return;
    }
    observer.onNext(answer);
    observer.onCompleted();
  }

  @Override
  public void hello(HelloRequest request, StreamObserver<HelloResponse> observer) {
    answer(observer, welcome);
  }

  @Override
  public void nextWork(NextWorkRequest request, StreamObserver<NextWorkResponse> observer) {
    asked.add(AttemptMessages.decode(request));
    answer(observer, AttemptMessages.encodeNextWork(work));
  }

  @Override
  public void getUploadStatus(
      GetUploadStatusRequest request, StreamObserver<GetUploadStatusResponse> observer) {
    answer(observer, TransferMessages.encodeStatus(new UploadProgress(2, false)));
  }

  @Override
  public void getRevelation(GetRevelationRequest request, StreamObserver<Revelation> observer) {
    audited.add(AuditMessages.decode(request));
    answer(
        observer, Revelation.newBuilder().addSecrets(revealed(1)).addSecrets(revealed(2)).build());
  }

  private static RevealedSecret revealed(int site) {
    return RevealedSecret.newBuilder()
        .setSite(ByteString.copyFrom(fingerprint(site)))
        .setSecret(ByteString.copyFrom(new byte[32]))
        .build();
  }

  private static byte[] fingerprint(int number) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) number;
    return bytes;
  }

  @Override
  public void getUploadedChunk(
      GetUploadedChunkRequest request, StreamObserver<UploadedChunk> observer) {
    audited.add(AuditMessages.decode(request).attempt());
    answer(observer, UploadedChunk.newBuilder().setData(ByteString.copyFrom(new byte[8])).build());
  }

  @Override
  public StreamObserver<UploadRequest> upload(StreamObserver<UploadResponse> observer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(UploadRequest value) {
        uploaded.add(TransferMessages.decode(value));
        if (uploaded.size() == refuseUploadAfter) {
          observer.onError(StatusMapper.toStatus(refusal.orElseThrow()));
        }
      }

      @Override
      public void onError(Throwable t) {}

      @Override
      public void onCompleted() {
        answer(observer, TransferMessages.encode(new UploadProgress(uploaded.size() - 1L, true)));
      }
    };
  }

  /** Attempt named in the upload's first message. */
  @Nullable AttemptId uploadedTo() {
    return uploaded.getFirst().attempt().orElse(null);
  }

  @Override
  public void downloadModel(DownloadModelRequest request, StreamObserver<DataChunk> observer) {
    ServerCallStreamObserver<DataChunk> call = (ServerCallStreamObserver<DataChunk>) observer;
    call.setOnCancelHandler(downloadCancelled::countDown);
    int offset = (int) TransferMessages.decode(request).offsetBytes();
    while (offset < MODEL.length && !call.isCancelled()) {
      int end = Math.min(MODEL.length, offset + 30);
      observer.onNext(
          TransferMessages.encode(
              new DataPiece(offset, java.util.Arrays.copyOfRange(MODEL, offset, end))));
      offset = end;
    }
    if (!call.isCancelled() && refusal.isEmpty()) {
      observer.onCompleted();
    } else if (refusal.isPresent()) {
      observer.onError(StatusMapper.toStatus(refusal.get()));
    }
  }
}
