package org.hanse.client.agent;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.ChunkRequest;
import org.hanse.wire.value.DataPiece;
import org.hanse.wire.value.DownloadRequest;
import org.hanse.wire.value.Greeting;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.RoundReport;
import org.hanse.wire.value.UploadProgress;
import org.hanse.wire.value.UploadedChunk;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;
import org.hanse.wire.value.WorkPosition;
import org.hanse.wire.value.WorkStage;

/** Gives out the work that a test puts in, and keeps the reports. Thread-safe. */
final class ScriptedCoordinator implements Coordinator {
  final BlockingQueue<Work> work = new LinkedBlockingQueue<>();
  final BlockingQueue<RoundReport> reports = new LinkedBlockingQueue<>();
  final AtomicInteger polls = new AtomicInteger();
  private final Map<JobId, TestJob> jobs = new HashMap<>();

  volatile Hello hello = () -> new Greeting.Welcome(1, TestJob.site(0), 1);

  /** How a greeting is answered. */
  interface Hello {
    Greeting.Welcome answer() throws CoordinatorException, InterruptedException;
  }

  ScriptedCoordinator(TestJob... jobs) {
    for (TestJob job : jobs) {
      this.jobs.put(job.manifest().job(), job);
    }
  }

  static AttemptId attempt(TestJob job, long round) {
    return new AttemptId(new RoundId(job.manifest().job(), round), 0);
  }

  /** Asks for training from the job's initial model. */
  void train(TestJob job, long seconds) {
    work.add(
        Work.of(
            attempt(job, 1),
            seconds,
            new WorkContent.Train(
                job.planHash(), job.manifest().training().initialModelHash(), Optional.empty())));
  }

  void pause(TestJob job) {
    work.add(
        new Work(
            new WorkPosition(1, attempt(job, 1), WorkStage.JOB_PAUSED),
            0,
            new WorkContent.JobPaused(Optional.empty())));
  }

  void end(TestJob job) {
    work.add(
        Work.of(
            attempt(job, 1),
            0,
            new WorkContent.JobEnded(
                JobState.FAILED, Optional.of(AbortReason.QUORUM_NOT_REACHED))));
  }

  @Override
  public void reconnect() {}

  @Override
  public Greeting.Welcome hello(Greeting.Hello ignored)
      throws CoordinatorException, InterruptedException {
    return hello.answer();
  }

  @Override
  public Optional<Work> nextWork(List<WorkPosition> positions, Duration atMost)
      throws InterruptedException {
    polls.incrementAndGet();
    return Optional.ofNullable(work.poll(50, TimeUnit.MILLISECONDS));
  }

  @Override
  public Bytes manifest(JobId job) {
    return Objects.requireNonNull(jobs.get(job)).manifestBytes();
  }

  @Override
  public void report(RoundReport report) {
    reports.add(report);
  }

  @Override
  public void send(AttemptMessage message) {}

  @Override
  public UploadProgress uploadProgress(AttemptId attempt) {
    throw new UnsupportedOperationException();
  }

  @Override
  public UploadStream upload(AttemptId attempt, Duration atMost) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Revelation revelation(AttemptId attempt) {
    throw new UnsupportedOperationException();
  }

  @Override
  public UploadedChunk uploadedChunk(ChunkRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void download(DownloadRequest request, Duration atMost, PieceSink sink)
      throws IOException {
    DownloadRequest.Model model = (DownloadRequest.Model) request;
    byte[] bytes =
        Objects.requireNonNull(jobs.get(model.job()))
            .initialModel()
            .segment()
            .toArray(ValueLayout.JAVA_BYTE);
    int offset = (int) model.offsetBytes();
    sink.accept(new DataPiece(offset, Arrays.copyOfRange(bytes, offset, bytes.length)));
  }
}
