package org.hanse.simulation.consortium;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hanse.client.agent.Coordinator;
import org.hanse.client.agent.CoordinatorException;
import org.hanse.client.agent.UploadStream;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.simulation.link.grpc.CallTimeLimits;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.ChunkRequest;
import org.hanse.wire.value.DownloadRequest;
import org.hanse.wire.value.Greeting;
import org.hanse.wire.value.RoundReport;
import org.hanse.wire.value.UploadProgress;
import org.hanse.wire.value.UploadedChunk;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkPosition;

/**
 * A site's real client, with what it says and hears written down.
 *
 * @param limits learns how long the calls may take
 */
record ObservedCoordinator(SiteId site, Coordinator real, CallTimeLimits limits, Facts facts)
    implements Coordinator {
  private static final Duration UNARY = Duration.ofSeconds(30);

  private Coordinator unary() {
    limits.set(UNARY);
    return real;
  }

  private Coordinator within(Duration time) {
    limits.set(time);
    return real;
  }

  private interface Call<T> {
    T run() throws CoordinatorException, InterruptedException;
  }

  private <T> T heard(Call<T> call) throws CoordinatorException, InterruptedException {
    try {
      return call.run();
    } catch (CoordinatorException e) {
      e.reason().ifPresent(reason -> facts.callRefused(site, reason));
      throw e;
    }
  }

  @Override
  public void reconnect() {
    real.reconnect();
  }

  @Override
  public Greeting.Welcome hello(Greeting.Hello hello)
      throws CoordinatorException, InterruptedException {
    return heard(() -> unary().hello(hello));
  }

  @Override
  public Optional<Work> nextWork(List<WorkPosition> positions, Duration atMost)
      throws CoordinatorException, InterruptedException {
    Optional<Work> work = heard(() -> within(atMost).nextWork(positions, atMost));
    work.ifPresent(item -> facts.given(site, item));
    return work;
  }

  @Override
  public Bytes manifest(JobId job) throws CoordinatorException, InterruptedException {
    return heard(() -> unary().manifest(job));
  }

  @Override
  public void report(RoundReport report) throws CoordinatorException, InterruptedException {
    heard(() -> {
      unary().report(report);
      return true;
    });
  }

  @Override
  public void send(AttemptMessage message) throws CoordinatorException, InterruptedException {
    facts.sending(site, message);
    heard(() -> {
      unary().send(message);
      return true;
    });
  }

  @Override
  public UploadProgress uploadProgress(AttemptId attempt)
      throws CoordinatorException, InterruptedException {
    UploadProgress progress = heard(() -> unary().uploadProgress(attempt));
    if (progress.committed()) {
      facts.uploadAcknowledged(site, attempt);
    }
    return progress;
  }

  @Override
  public UploadStream upload(AttemptId attempt, Duration atMost) {
    UploadStream stream = within(atMost).upload(attempt, atMost);
    return new UploadStream() {
      @Override
      public void send(long index, byte[] chunk) throws CoordinatorException, InterruptedException {
        heard(() -> {
          stream.send(index, chunk);
          return true;
        });
      }

      @Override
      public UploadProgress commit(FromSite.UploadCommit commit)
          throws CoordinatorException, InterruptedException {
        UploadProgress progress = heard(() -> stream.commit(commit));
        if (progress.committed()) {
          facts.uploadAcknowledged(site, attempt);
        }
        return progress;
      }

      @Override
      public void close() {
        stream.close();
      }
    };
  }

  @Override
  public void download(DownloadRequest request, Duration atMost, PieceSink sink)
      throws CoordinatorException, InterruptedException, IOException {
    within(atMost).download(request, atMost, sink);
  }

  @Override
  public Revelation revelation(AttemptId attempt)
      throws CoordinatorException, InterruptedException {
    return heard(() -> unary().revelation(attempt));
  }

  @Override
  public UploadedChunk uploadedChunk(ChunkRequest request)
      throws CoordinatorException, InterruptedException {
    return heard(() -> unary().uploadedChunk(request));
  }
}
