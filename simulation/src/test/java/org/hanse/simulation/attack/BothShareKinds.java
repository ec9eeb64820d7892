package org.hanse.simulation.attack;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.ToSite.Endorsement;
import org.hanse.core.secagg.ToSite.Survivor;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent.Step;
import org.hanse.wire.value.WorkStage;

/**
 * Lets a round come to the releases with all sites counted, keeps them back, and then shows one
 * site the same steps with a survivor left out: in the same attempt and in the next.
 */
final class BothShareKinds implements Script {
  private static final int SITES = 5;
  static final SiteId VICTIM = Attack.site(1);
  private static final SiteId DROPPED = Attack.site(5);

  private final Backstage backstage;
  private final Map<WorkStage, Work> shown = new HashMap<>();
  private final Deque<Work> again = new ArrayDeque<>();
  private final CountDownLatch released = new CountDownLatch(SITES);

  /** Whether the site has still to answer what it was asked last. */
  private boolean waiting;

  private boolean everyItemIsAnswered;
  private CountDownLatch answers = new CountDownLatch(0);

  BothShareKinds(Backstage backstage) {
    this.backstage = backstage;
  }

  /** Waits until every site has released: nobody says more by itself. */
  void awaitReleased() throws InterruptedException {
    await(released);
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(20, TimeUnit.SECONDS)) {
      throw new AssertionError(latch.getCount() + " more should have come");
    }
  }

  /**
   * From now on, in the order of the steps; each once.
   *
   * @param restarted whether the site has forgotten what it took already, so that it answers all;
   *     otherwise it takes the last alone
   */
  synchronized void askAgain(boolean restarted) {
    everyItemIsAnswered = restarted;
    answers = new CountDownLatch(restarted ? 4 : 1);
    again.add(shown(WorkStage.START));
    again.add(shorter(shown(WorkStage.SURVIVORS)));
    again.add(shorter(shown(WorkStage.QUORUM)));
    Work start = shown(WorkStage.START);
    again.add(
        Work.of(
            new AttemptId(start.attempt().round(), start.attempt().attempt() + 1),
            start.deadlineSeconds(),
            start.content()));
  }

  /** Waits until the site has answered, and all was asked. */
  void awaitAnswers() throws InterruptedException {
    CountDownLatch expected;
    synchronized (this) {
      expected = answers;
    }
    await(expected);
    synchronized (this) {
      if (!again.isEmpty()) {
        throw new AssertionError("not asked: " + again);
      }
    }
  }

  private Work shown(WorkStage stage) {
    return Objects.requireNonNull(shown.get(stage));
  }

  private Work shorter(Work full) {
    Fingerprint dropped = Cast.of(backstage, full.position().job()).key(DROPPED);
    ToSite message =
        switch (((Step) full.content()).message()) {
          case ToSite.Survivors(List<Survivor> all) ->
              new ToSite.Survivors(all.stream().filter(s -> !s.site().equals(dropped)).toList());
          case ToSite.Quorum(List<Endorsement> all) ->
              new ToSite.Quorum(all.stream().filter(s -> !s.site().equals(dropped)).toList());
          default -> throw new IllegalArgumentException("nobody to leave out of " + full);
        };
    return new Work(full.position(), full.deadlineSeconds(), new Step(message));
  }

  @Override
  public synchronized Work work(SiteId site, Work honest) {
    if (site.equals(VICTIM)) {
      shown.put(honest.position().stage(), honest);
    }
    return honest;
  }

  @Override
  public synchronized boolean passes(SiteId site, AttemptMessage message) {
    return switch (message.message()) {
      case FromSite.Release release -> {
        released.countDown();
        yield false;
      }
      case FromSite.Withdrawal withdrawal -> {
        waiting = false;
        answers.countDown();
        yield false;
      }
      default -> true;
    };
  }

  @Override
  public synchronized boolean alone(SiteId site) {
    return site.equals(VICTIM) && answers.getCount() > 0;
  }

  @Override
  public synchronized Optional<Work> invented(SiteId site) {
    if (!site.equals(VICTIM) || waiting || again.isEmpty()) {
      return Optional.empty();
    }
    waiting = everyItemIsAnswered;
    return Optional.of(again.remove());
  }
}
