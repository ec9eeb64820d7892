package org.hanse.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Serial;
import java.time.Duration;
import org.hanse.client.agent.CoordinatorException;
import org.hanse.client.grpc.JobClient;
import org.hanse.core.plan.JobId;
import org.hanse.wire.status.ErrorReason.Duty;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.WatchRequest;
import org.jspecify.annotations.Nullable;

/**
 * Follows a job's history over as many connections as it takes: each goes on behind the last event
 * that arrived, so nothing is shown twice or left out.
 */
final class JobFollower {
  private static final long FIRST_PAUSE_MILLIS = 200;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;

  /** After so many tries without an event, about ten minutes, the coordinator is taken for gone. */
  private static final int MAX_SILENT_TRIES = 64;

  private final JobClient jobs;
  private final ResearcherTools.Pause pause;
  private final EventPrinter printer;
  private final PrintWriter err;
  private long nextSequence = 1;
  private int silentTries;
  private JobEventValue.@Nullable Finished end;

  JobFollower(JobClient jobs, ResearcherTools.Pause pause, EventPrinter printer, PrintWriter err) {
    this.jobs = jobs;
    this.pause = pause;
    this.printer = printer;
    this.err = err;
  }

  /** Returns the job's last event. */
  JobEventValue.Finished follow(JobId job, TimeLimit limit)
      throws CommandFailure, CoordinatorException, InterruptedException, IOException {
    while (end == null) {
      try {
        jobs.watch(new WatchRequest(job, nextSequence), limit.remaining(), this::take);
        if (end == null) {
          goOn("the coordinator ended the stream", 0, limit);
        }
      } catch (CoordinatorException e) {
        boolean neverHeard = nextSequence == 1 && e.reason().isEmpty();
        if (e.duty() != Duty.RETRY || neverHeard || silentTries >= MAX_SILENT_TRIES) {
          throw e;
        }
        goOn(
            String.valueOf(e.getMessage()),
            e.retryAfter().map(Duration::toMillis).orElse(0L),
            limit);
      }
    }
    return end;
  }

  private void take(JobEventEntry entry) throws IOException {
    if (entry.sequence() != nextSequence) {
      throw new ProtocolViolationException(
          "the coordinator sent event "
              + entry.sequence()
              + " of the job's history instead of "
              + nextSequence);
    }
    nextSequence++;
    silentTries = 0;
    printer.print(entry);
    if (entry.event() instanceof JobEventValue.Finished finished) {
      end = finished;
      printer.end();
    }
  }

  private void goOn(String why, long leastPauseMillis, TimeLimit limit)
      throws CommandFailure, InterruptedException {
    silentTries++;
    if (silentTries == 1) {
      err.println("No connection to the coordinator, trying again: " + why);
      err.flush();
    }
    long doubled = FIRST_PAUSE_MILLIS << Math.min(silentTries - 1, 10);
    long millis = Math.max(leastPauseMillis, Math.min(LONGEST_PAUSE_MILLIS, doubled));
    limit.pause(pause, millis);
  }

  /** The coordinator sent what it must not send. Ends the stream that it came in. */
  static final class ProtocolViolationException extends IOException {
    @Serial private static final long serialVersionUID = 1;

    ProtocolViolationException(String message) {
      super(message);
    }
  }
}
