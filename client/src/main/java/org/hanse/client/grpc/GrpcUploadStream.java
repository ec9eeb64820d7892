package org.hanse.client.grpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.hanse.client.agent.CoordinatorException;
import org.hanse.client.agent.UploadStream;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.secagg.FromSite;
import org.hanse.proto.v1.SiteServiceGrpc;
import org.hanse.proto.v1.UploadRequest;
import org.hanse.proto.v1.UploadResponse;
import org.hanse.wire.MalformedMessageException;
import org.hanse.wire.TransferMessages;
import org.hanse.wire.status.ErrorReason.Duty;
import org.hanse.wire.value.UploadPart;
import org.hanse.wire.value.UploadProgress;
import org.jspecify.annotations.Nullable;

/**
 * Sends when the transport says that it is ready. The transport's thread only signals; the caller's
 * waits. The call's own deadline ends every wait.
 */
final class GrpcUploadStream implements UploadStream {
  private final AttemptId attempt;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Response response = new Response();
  private @Nullable ClientCallStreamObserver<UploadRequest> request;
  private @Nullable UploadResponse answer;
  private @Nullable Throwable failure;
  private boolean first = true;
  private boolean over;

  private GrpcUploadStream(AttemptId attempt) {
    this.attempt = attempt;
  }

  static GrpcUploadStream open(SiteServiceGrpc.SiteServiceStub stub, AttemptId attempt) {
    GrpcUploadStream stream = new GrpcUploadStream(attempt);
    var _ = stub.upload(stream.response);
    return stream;
  }

  @Override
  public void send(long index, byte[] chunk) throws CoordinatorException, InterruptedException {
    awaitReady()
        .onNext(TransferMessages.encode(new UploadPart.Chunk(attemptIfFirst(), index, chunk)));
  }

  @Override
  public UploadProgress commit(FromSite.UploadCommit commit)
      throws CoordinatorException, InterruptedException {
    ClientCallStreamObserver<UploadRequest> ready = awaitReady();
    ready.onNext(TransferMessages.encode(new UploadPart.Commit(attemptIfFirst(), commit)));
    ready.onCompleted();
    lock.lockInterruptibly();
    try {
      while (!over) {
        changed.await();
      }
      if (failure != null) {
        throw failed(failure);
      }
      if (answer == null) {
        throw failed(Status.UNAVAILABLE.asRuntimeException());
      }
      return TransferMessages.decode(answer);
    } catch (MalformedMessageException e) {
      throw SiteClient.malformed(e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (!over && request != null) {
        request.cancel("the site stopped its upload", null);
      }
    } finally {
      lock.unlock();
    }
  }

  private Optional<AttemptId> attemptIfFirst() {
    Optional<AttemptId> named = first ? Optional.of(attempt) : Optional.empty();
    first = false;
    return named;
  }

  private ClientCallStreamObserver<UploadRequest> awaitReady()
      throws CoordinatorException, InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!over && (request == null || !request.isReady())) {
        changed.await();
      }
      if (over || request == null) {
        throw failed(
            failure == null
                ? Status.ABORTED.withDescription("answered before the end").asRuntimeException()
                : failure);
      }
      return request;
    } finally {
      lock.unlock();
    }
  }

  private static CoordinatorException failed(Throwable cause) throws InterruptedException {
    return cause instanceof StatusRuntimeException status
        ? SiteClient.translate(status)
        : CoordinatorException.failed(Duty.RETRY, String.valueOf(cause), cause);
  }

  /** Called on the transport's thread. */
  private final class Response implements ClientResponseObserver<UploadRequest, UploadResponse> {
    @Override
    public void beforeStart(ClientCallStreamObserver<UploadRequest> stream) {
      stream.setOnReadyHandler(() -> signal(() -> {}));
      signal(() -> request = stream);
    }

    @Override
    public void onNext(UploadResponse value) {
      signal(() -> answer = value);
    }

    @Override
    public void onError(Throwable t) {
      signal(() -> {
        failure = t;
        over = true;
      });
    }

    @Override
    public void onCompleted() {
      signal(() -> over = true);
    }

    private void signal(Runnable change) {
      lock.lock();
      try {
        change.run();
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
