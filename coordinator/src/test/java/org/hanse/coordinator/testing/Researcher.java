package org.hanse.coordinator.testing;

import io.grpc.stub.StreamObserver;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.JobId;
import org.hanse.proto.v1.SubmitJobRequest;
import org.hanse.proto.v1.SubmitJobResponse;
import org.hanse.wire.JobEventMessages;
import org.hanse.wire.JobMessages;
import org.hanse.wire.StandingMessages;
import org.hanse.wire.value.DataPiece;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.OrderedJob;
import org.hanse.wire.value.SubmitPart;
import org.hanse.wire.value.SubmitReceipt;
import org.hanse.wire.value.WatchRequest;

/** What a researcher's command does. */
public record Researcher(TestChannel channel) {
  private static final int PIECE_BYTES = 300_000;

  public SubmitReceipt submit(TestJob job) throws Throwable {
    return submit(job.exactBytes(), job.model().segment().toArray(ValueLayout.JAVA_BYTE));
  }

  public SubmitReceipt submit(Bytes manifest, byte[] model) throws Throwable {
    CompletableFuture<SubmitJobResponse> answer = new CompletableFuture<>();
    StreamObserver<SubmitJobRequest> requests = channel.jobStreams().submitJob(new Answer(answer));
    requests.onNext(JobMessages.encode(new SubmitPart.Manifest(manifest)));
    for (int offset = 0; offset < model.length; offset += PIECE_BYTES) {
      int length = Math.min(PIECE_BYTES, model.length - offset);
      byte[] piece =
          MemorySegment.ofArray(model).asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
      requests.onNext(JobMessages.encode(new SubmitPart.Model(new DataPiece(offset, piece))));
    }
    requests.onCompleted();
    try {
      return JobMessages.decode(answer.get(20, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      throw e.getCause();
    } catch (TimeoutException e) {
      throw new AssertionError("no answer to the submission", e);
    }
  }

  /** All events until the job is over. */
  public List<JobEventValue> watch(JobId job) {
    return history(job).stream().map(JobEventEntry::event).toList();
  }

  /** The same with their numbers and times. */
  public List<JobEventEntry> history(JobId job) {
    List<JobEventEntry> events = new ArrayList<>();
    channel
        .jobs()
        .watchJob(JobMessages.encode(new WatchRequest(job, 1)))
        .forEachRemaining(event -> events.add(JobEventMessages.decode(event)));
    return events;
  }

  public void pause(JobId job) {
    var _ = channel.jobs().pauseJob(StandingMessages.encode(new OrderedJob(job, "")));
  }

  public void resume(JobId job) {
    var _ = channel.jobs().resumeJob(StandingMessages.encode(new OrderedJob(job, "")));
  }

  private record Answer(CompletableFuture<SubmitJobResponse> future)
      implements StreamObserver<SubmitJobResponse> {
    @Override
    public void onNext(SubmitJobResponse response) {
      future.complete(response);
    }

    @Override
    public void onError(Throwable thrown) {
      future.completeExceptionally(thrown);
    }

    @Override
    public void onCompleted() {
      future.completeExceptionally(new IllegalStateException("no answer"));
    }
  }
}
