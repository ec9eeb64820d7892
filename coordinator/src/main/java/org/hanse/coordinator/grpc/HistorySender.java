package org.hanse.coordinator.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.hanse.coordinator.engine.JobHistory;
import org.hanse.proto.v1.JobEvent;
import org.hanse.wire.JobEventMessages;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.StatusMapper;
import org.hanse.wire.value.JobEventEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Streams a job's history, then what happens, until the job ends. One thread a watcher. */
final class HistorySender implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(HistorySender.class);
  private static final Duration LOOK = Duration.ofSeconds(30);

  private final JobHistory history;
  private final ServerCallStreamObserver<JobEvent> call;
  private final Duration stall;
  private final Semaphore ready = new Semaphore(0);
  private long next;

  private HistorySender(
      JobHistory history,
      long fromSequence,
      ServerCallStreamObserver<JobEvent> call,
      Duration stall) {
    this.history = history;
    this.next = fromSequence;
    this.call = call;
    this.stall = stall;
  }

  /**
   * Begins to send.
   *
   * @param stall how long a watcher that reads nothing keeps its call
   */
  static void send(
      JobHistory history,
      long fromSequence,
      ServerCallStreamObserver<JobEvent> call,
      Duration stall) {
    HistorySender sender = new HistorySender(history, fromSequence, call, stall);
    call.setOnReadyHandler(sender.ready::release);
    Thread thread = Thread.ofVirtual().name("watch").unstarted(sender);
    call.setOnCancelHandler(thread::interrupt);
    thread.start();
  }

  @Override
  public void run() {
    try {
      while (!call.isCancelled() && !history.endsBefore(next)) {
        List<JobEventEntry> news = history.await(next, LOOK);
        for (JobEventEntry entry : news) {
          if (!awaitReady()) {
            call.onError(
                StatusMapper.toStatus(
                    ErrorReason.CALL_TIMED_OUT, "nothing was taken for too long"));
            return;
          }
          if (call.isCancelled()) {
            return;
          }
          call.onNext(JobEventMessages.encode(entry));
          next = entry.sequence() + 1;
        }
      }
      if (!call.isCancelled()) {
        call.onCompleted();
      }
    } catch (IOException e) {
      log.error("a job's history cannot be read", e);
      call.onError(
          StatusMapper.toStatus(
              ErrorReason.STORAGE_UNAVAILABLE, "the coordinator cannot reach its files"));
    } catch (InterruptedException e) {
      // The watcher has gone.
      Thread.currentThread().interrupt();
    }
  }

  /** False if the watcher reads nothing; returns when it has gone, too. */
  private boolean awaitReady() throws InterruptedException {
    while (!call.isReady() && !call.isCancelled()) {
      if (!ready.tryAcquire(stall.toMillis(), TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return true;
  }
}
