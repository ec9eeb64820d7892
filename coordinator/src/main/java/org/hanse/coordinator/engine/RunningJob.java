package org.hanse.coordinator.engine;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.wire.value.JobOrder;

/** A job that this coordinator runs or has run: its loop and its files. Thread-safe. */
public record RunningJob(JobLoop loop, JobParts.Files files) {
  public JobDescription description() {
    return loop.snapshots().job();
  }

  public JobSnapshots snapshots() {
    return loop.snapshots();
  }

  public JobHistory history() {
    return loop.snapshots().history();
  }

  /** As {@link JobLoop#order}. */
  public CompletableFuture<Answer> order(JobInput.Command command, JobOrder order) {
    return loop.order(command, order);
  }

  /** As {@link JobLoop#submit}. */
  public CompletableFuture<Answer> submit(Function<Instant, RoundEvent> event) {
    return loop.submit(event);
  }
}
