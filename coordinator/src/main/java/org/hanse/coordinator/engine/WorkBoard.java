package org.hanse.coordinator.engine;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.wire.value.WorkContent;
import org.hanse.wire.value.WorkPosition;
import org.hanse.wire.value.WorkStage;

/** The current work of every site, one item a job, and the polls that wait for it. Thread-safe. */
public final class WorkBoard {
  /** Polls of one site that may wait at once; a newer one ends the oldest. */
  static final int MAX_WAITING_POLLS = 8;

  private final Map<SiteId, Desk> desks = new ConcurrentHashMap<>();

  /**
   * One item.
   *
   * @param answerBy empty where no answer is due
   */
  public record Offer(WorkPosition position, WorkContent content, Optional<Instant> answerBy) {}

  /** From now on this is the site's work of that job. */
  public void assign(SiteId site, Offer offer) {
    desk(site).assign(offer);
  }

  /** Every member hears that the job is over; none of its work lies beyond. */
  public void end(JobManifest job, Last last, WorkContent.JobEnded content) {
    AttemptId attempt =
        new AttemptId(last.round(), job.aggregation().retries().maxAttemptsPerRound() - 1);
    tellAll(job, new WorkPosition(last.pauses(), attempt, WorkStage.JOB_ENDED), content);
  }

  /** How far a job has come at its end. */
  public record Last(long pauses, RoundId round) {
    static Last of(JobProgress progress) {
      return new Last(progress.resumption().pauses(), progress.round());
    }
  }

  /** This is the work of every member. */
  void tellAll(JobManifest job, WorkPosition position, WorkContent content) {
    Offer offer = new Offer(position, content, Optional.empty());
    job.consortium().members().forEach(member -> assign(member.site(), offer));
  }

  /** The site has no work of this job for now. */
  public void clear(SiteId site, JobId job) {
    desk(site).clear(job);
  }

  /**
   * The first item beyond the positions, as soon as there is one. Completing the future otherwise
   * ends the wait.
   *
   * @param positions of the site, at most one a job; a job not among them is wholly new to it
   */
  public CompletableFuture<Optional<Offer>> poll(SiteId site, List<WorkPosition> positions) {
    return desk(site).poll(positions);
  }

  /** Ends every waiting poll. */
  public void releaseAll() {
    desks.values().forEach(Desk::releaseAll);
  }

  private Desk desk(SiteId site) {
    return desks.computeIfAbsent(site, s -> new Desk());
  }

  private record Poll(
      Map<JobId, WorkPosition> positions, CompletableFuture<Optional<Offer>> answer) {
    boolean wants(Offer offer) {
      WorkPosition position = positions.get(offer.position().job());
      return position == null || offer.position().compareTo(position) > 0;
    }
  }

  /** One site's. */
  private static final class Desk {
    private final TreeMap<JobId, Offer> offers = new TreeMap<>();
    private final Deque<Poll> polls = new ArrayDeque<>();

    synchronized void assign(Offer offer) {
      offers.put(offer.position().job(), offer);
      polls.removeIf(poll -> poll.answer().isDone());
      polls.stream()
          .filter(poll -> poll.wants(offer))
          .forEach(poll -> poll.answer().complete(Optional.of(offer)));
    }

    synchronized void clear(JobId job) {
      offers.remove(job);
    }

    synchronized CompletableFuture<Optional<Offer>> poll(List<WorkPosition> positions) {
      Map<JobId, WorkPosition> byJob = new HashMap<>();
      positions.forEach(position -> byJob.put(position.job(), position));
      Poll poll = new Poll(byJob, new CompletableFuture<>());
      // News of running jobs first: what is over can wait.
      Optional<Offer> ready =
          offers.values().stream()
              .filter(poll::wants)
              .min(
                  Comparator.comparing(
                      (Offer offer) -> offer.position().stage() == WorkStage.JOB_ENDED));
      if (ready.isPresent()) {
        poll.answer().complete(ready);
        return poll.answer();
      }
      polls.removeIf(waiting -> waiting.answer().isDone());
      if (polls.size() >= MAX_WAITING_POLLS) {
        polls.removeFirst().answer().complete(Optional.empty());
      }
      polls.addLast(poll);
      return poll.answer();
    }

    synchronized void releaseAll() {
      polls.forEach(poll -> poll.answer().complete(Optional.empty()));
      polls.clear();
    }
  }
}
