package org.hanse.coordinator.testing;

import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.secagg.FromSite.UploadCommit;
import org.hanse.proto.v1.UploadRequest;
import org.hanse.proto.v1.UploadResponse;
import org.hanse.wire.TransferMessages;
import org.hanse.wire.value.UploadPart;
import org.hanse.wire.value.UploadProgress;

/** One upload stream. */
public final class UploadCall {
  private final CompletableFuture<UploadProgress> answer = new CompletableFuture<>();
  private final StreamObserver<UploadRequest> requests;
  private Optional<AttemptId> first;

  public UploadCall(TestChannel channel, AttemptId attempt) {
    this.first = Optional.of(attempt);
    this.requests =
        channel
            .siteStreams()
            .upload(
                new StreamObserver<>() {
                  @Override
                  public void onNext(UploadResponse response) {
                    answer.complete(TransferMessages.decode(response));
                  }

                  @Override
                  public void onError(Throwable thrown) {
                    answer.completeExceptionally(thrown);
                  }

                  @Override
                  public void onCompleted() {}
                });
  }

  public UploadCall chunk(long index, byte[] data) {
    requests.onNext(TransferMessages.encode(new UploadPart.Chunk(first, index, data)));
    first = Optional.empty();
    return this;
  }

  public UploadCall chunks(List<byte[]> all) {
    for (int i = 0; i < all.size(); i++) {
      chunk(i, all.get(i));
    }
    return this;
  }

  public UploadCall commit(UploadCommit commit) {
    requests.onNext(TransferMessages.encode(new UploadPart.Commit(first, commit)));
    first = Optional.empty();
    return this;
  }

  /** Ends the stream and returns what the coordinator said. */
  public UploadProgress finish() throws Throwable {
    requests.onCompleted();
    try {
      return answer.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause();
    } catch (TimeoutException e) {
      throw new AssertionError("no answer to the upload", e);
    }
  }

  /** Breaks the stream off. */
  public void cancel() {
    requests.onError(new IllegalStateException("the site is gone"));
  }
}
