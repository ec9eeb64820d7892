package org.hanse.client.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.hanse.core.plan.SiteId;
import org.hanse.wire.WireLimits;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.ErrorReason.Duty;
import org.hanse.wire.value.Greeting;

/**
 * Calls that outlive broken connections: greets the coordinator whenever it has to be greeted, and
 * repeats what is worth repeating. Thread-safe.
 */
final class CoordinatorLink {
  /** Between two looks at whether a wait is still worth it. */
  private static final Duration LOOK = Duration.ofMillis(100);

  /** A coordinator that stays away is reported again after so long. */
  private static final Duration REPORT_AGAIN = Duration.ofMinutes(5);

  private final Coordinator coordinator;
  private final SiteId self;
  private final Greeting.Hello hello;
  private final AgentEvents events;
  private final Threads threads;
  private final RandomGenerator jitter;

  /** Held by the thread that says hello, never while state is looked at. */
  private final ReentrantLock greeter = new ReentrantLock();

  private Optional<Greeting.Welcome> welcome = Optional.empty();
  private long greetings;

  /** When the failures since the last greeting were reported, if they were. */
  private Optional<Long> reportedNanos = Optional.empty();

  CoordinatorLink(
      Coordinator coordinator,
      Site site,
      AgentEvents events,
      Threads threads,
      RandomGenerator jitter) {
    this.coordinator = coordinator;
    this.self = site.id();
    this.hello = new Greeting.Hello(WireLimits.PROTOCOL_VERSION, site.keys().signingCertificate());
    this.events = events;
    this.threads = threads;
    this.jitter = jitter;
  }

  /** One try of a call. */
  interface Call<T> {
    T run(Coordinator coordinator) throws CoordinatorException, InterruptedException, IOException;
  }

  /** One try of a call without an answer. */
  interface Command {
    void run(Coordinator coordinator)
        throws CoordinatorException, InterruptedException, IOException;
  }

  /**
   * Tries until there is an answer.
   *
   * @throws CoordinatorException if the coordinator refuses what will not get better
   * @throws GaveUpException if patience ended first
   * @throws IOException only what {@code call} throws
   */
  <T> T call(Patience patience, Call<T> call)
      throws CoordinatorException, GaveUpException, InterruptedException, IOException {
    Backoff backoff = new Backoff(jitter);
    while (true) {
      long greeting = greetings();
      try {
        greeting = greet();
        return call.run(coordinator);
      } catch (CoordinatorException e) {
        boolean forgotten = e.reason().equals(Optional.of(ErrorReason.HELLO_REQUIRED));
        if (e.duty() != Duty.RETRY && !forgotten) {
          throw e;
        }
        if (forgotten
            || e.reason().isEmpty()
            || e.reason().equals(Optional.of(ErrorReason.SHUTTING_DOWN))) {
          part(greeting);
        }
        reportIfSilent(greeting, e);
        pause(longer(backoff.next(), e.retryAfter()), patience, e);
        coordinator.reconnect();
      }
    }
  }

  /** As {@link #call}, without an answer. */
  void send(Patience patience, Command command)
      throws CoordinatorException, GaveUpException, InterruptedException, IOException {
    call(
        patience,
        c -> {
          command.run(c);
          return true;
        });
  }

  /**
   * How long a request for work may take: the coordinator's own time, and the way there and back.
   */
  synchronized Duration pollTime() {
    return Duration.ofSeconds(
        welcome.map(Greeting.Welcome::pollSeconds).orElse(WireLimits.MAX_POLL_SECONDS) + 15L);
  }

  private synchronized long greetings() {
    return greetings;
  }

  private synchronized boolean isGreeted() {
    return welcome.isPresent();
  }

  /** Says hello unless that was done; answers which greeting counts. */
  private long greet() throws CoordinatorException, InterruptedException {
    greeter.lockInterruptibly();
    try {
      return isGreeted() ? greetings() : welcomed(coordinator.hello(hello));
    } finally {
      greeter.unlock();
    }
  }

  private synchronized long welcomed(Greeting.Welcome answer) throws CoordinatorException {
    if (!answer.site().equals(self)) {
      throw CoordinatorException.otherSite(self, answer.site());
    }
    welcome = Optional.of(answer);
    reportedNanos = Optional.empty();
    greetings++;
    events.connected(self);
    return greetings;
  }

  /** Whatever answers next may have forgotten this site; unless another thread greeted it since. */
  private synchronized void part(long greeting) {
    if (greeting == greetings) {
      welcome = Optional.empty();
    }
  }

  /** Tells people that nobody answers: at the first failure in a row, then now and again. */
  private synchronized void reportIfSilent(long greeting, CoordinatorException why) {
    if (greeting != greetings || welcome.isPresent()) {
      return;
    }
    long now = threads.nanoTime();
    if (reportedNanos.isEmpty() || now - reportedNanos.get() >= REPORT_AGAIN.toNanos()) {
      reportedNanos = Optional.of(now);
      events.disconnected(String.valueOf(why.getMessage()));
    }
  }

  private static Duration longer(Duration wait, Optional<Duration> asked) {
    return asked.filter(duration -> duration.compareTo(wait) > 0).orElse(wait);
  }

  /** Whether {@code condition} holds, now or within {@code atMost}. */
  boolean waitFor(BooleanSupplier condition, Duration atMost) throws InterruptedException {
    long end = threads.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      Duration left = Duration.ofNanos(end - threads.nanoTime());
      if (left.toMillis() <= 0) {
        return false;
      }
      threads.sleep(left.compareTo(LOOK) < 0 ? left : LOOK);
    }
    return true;
  }

  private void pause(Duration wait, Patience patience, CoordinatorException why)
      throws GaveUpException, InterruptedException {
    if (waitFor(patience::isOver, wait)) {
      throw new GaveUpException(String.valueOf(why.getMessage()));
    }
  }
}
