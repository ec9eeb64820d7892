package org.hanse.client.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
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
  private static final long LOOK_MILLIS = 100;

  private final Coordinator coordinator;
  private final SiteId self;
  private final Greeting.Hello hello;
  private final AgentEvents events;
  private Optional<Greeting.Welcome> welcome = Optional.empty();
  private long greetings;

  CoordinatorLink(Coordinator coordinator, Site site, AgentEvents events) {
    this.coordinator = coordinator;
    this.self = site.id();
    this.hello = new Greeting.Hello(WireLimits.PROTOCOL_VERSION, site.keys().signingCertificate());
    this.events = events;
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
    Backoff backoff = new Backoff(ThreadLocalRandom.current());
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
          parted(greeting, e);
        }
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

  /** Says hello unless that was done; answers which greeting counts. */
  private synchronized long greet() throws CoordinatorException, InterruptedException {
    if (welcome.isPresent()) {
      return greetings;
    }
    Greeting.Welcome answer = coordinator.hello(hello);
    if (!answer.site().equals(self)) {
      throw CoordinatorException.failed(
          Duty.FIX,
          "the TLS certificate is that of "
              + answer.site()
              + ", the configuration is that of "
              + self,
          new IllegalStateException("two site ids"));
    }
    welcome = Optional.of(answer);
    greetings++;
    events.connected(self);
    return greetings;
  }

  /** Whatever answers next may have forgotten this site; unless another thread greeted it since. */
  private synchronized void parted(long greeting, CoordinatorException why) {
    if (greeting == greetings && welcome.isPresent()) {
      welcome = Optional.empty();
      events.disconnected(String.valueOf(why.getMessage()));
    }
  }

  private static Duration longer(Duration wait, Optional<Duration> asked) {
    return asked.filter(duration -> duration.compareTo(wait) > 0).orElse(wait);
  }

  private static void pause(Duration wait, Patience patience, CoordinatorException why)
      throws GaveUpException, InterruptedException {
    long end = System.nanoTime() + wait.toNanos();
    while (true) {
      if (patience.isOver()) {
        throw new GaveUpException(String.valueOf(why.getMessage()));
      }
      long leftMillis = (end - System.nanoTime()) / 1_000_000;
      if (leftMillis <= 0) {
        return;
      }
      Thread.sleep(Math.min(leftMillis, LOOK_MILLIS));
    }
  }
}
