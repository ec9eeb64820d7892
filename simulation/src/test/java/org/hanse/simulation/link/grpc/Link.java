package org.hanse.simulation.link.grpc;

import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.hanse.core.plan.SiteId;
import org.hanse.simulation.world.SimulatedProcess;
import org.hanse.simulation.world.World;

/**
 * The way between one site and the coordinator: one connection, made again whenever it is needed.
 * What is sent in a direction that is cut waits; a connection that nothing passes for too long is
 * given up at both ends, as keepalive does.
 */
public final class Link {
  private static final Duration FASTEST = Duration.ofMillis(1);
  private static final Duration KEEPALIVE = Duration.ofSeconds(40);

  private final World world;
  private final SiteId site;
  private final Front front;
  private final SplittableRandom random;
  private final Way toCoordinator = new Way();
  private final Way toSite = new Way();
  private final Set<SimulatedCall<?, ?>> calls = new LinkedHashSet<>();
  private Conditions conditions = Conditions.GOOD;
  private int answersLeft;
  private Runnable onLastAnswer = () -> {};

  private static final class Way {
    private final Deque<Runnable> held = new ArrayDeque<>();
    private long cutUntilNanos;
  }

  /** Which way. */
  public enum Direction {
    TO_COORDINATOR,
    TO_SITE
  }

  public Link(World world, SiteId site, Front front) {
    this.world = world;
    this.site = site;
    this.front = front;
    this.random = world.random();
  }

  SiteId site() {
    return site;
  }

  World world() {
    return world;
  }

  Front front() {
    return front;
  }

  SplittableRandom random() {
    return random;
  }

  Conditions conditions() {
    return conditions;
  }

  public void setConditions(Conditions now) {
    conditions = now;
  }

  /** The site's process dies when so many answers more have come, the next is 1. */
  public void dieAtAnswer(int answers, Runnable death) {
    answersLeft = answers;
    onLastAnswer = death;
  }

  /** An answer has arrived and nobody has read it yet. */
  void answerArrived() {
    if (answersLeft > 0 && --answersLeft == 0) {
      onLastAnswer.run();
    }
  }

  /** Nothing passes this way for some time. */
  public void cut(Direction direction, Duration time) {
    long until = world.nanos() + time.toNanos();
    Way way = way(direction);
    if (until <= way.cutUntilNanos) {
      return;
    }
    way.cutUntilNanos = until;
    world.after(time, () -> heal(direction));
    if (time.compareTo(KEEPALIVE) > 0) {
      world.after(
          KEEPALIVE,
          () -> {
            if (isCut(direction)) {
              reset();
            }
          });
    }
  }

  private Way way(Direction direction) {
    return direction == Direction.TO_SITE ? toSite : toCoordinator;
  }

  private boolean isCut(Direction direction) {
    return world.nanos() < way(direction).cutUntilNanos;
  }

  private void heal(Direction direction) {
    if (!isCut(direction)) {
      Deque<Runnable> waiting = way(direction).held;
      while (!waiting.isEmpty()) {
        waiting.remove().run();
      }
    }
  }

  /** The connection breaks: every call in flight ends. */
  public void reset() {
    toCoordinator.held.clear();
    toSite.held.clear();
    for (SimulatedCall<?, ?> call : List.copyOf(calls)) {
      call.broken(Status.UNAVAILABLE.withDescription("connection reset"));
    }
  }

  void opened(SimulatedCall<?, ?> call) {
    calls.add(call);
  }

  void closed(SimulatedCall<?, ?> call) {
    calls.remove(call);
  }

  /** A process of the site that may call. */
  public SimulatedManagedChannel connect(SimulatedProcess process, CallTimeLimits limits) {
    process.atDeath(() ->
        world.after(
            latency(),
            () -> {
              for (SimulatedCall<?, ?> call : List.copyOf(calls)) {
                if (call.caller() == process) {
                  call.broken(Status.CANCELLED);
                }
              }
            }));
    return new SimulatedManagedChannel(this, process, limits);
  }

  /** The coordinator's end is gone with its process. */
  void brokenWith(SimulatedProcess coordinator, SimulatedCall<?, ?> call) {
    coordinator.atDeath(() ->
        world.after(
            latency(), () -> call.broken(Status.UNAVAILABLE.withDescription("connection closed"))));
  }

  Duration latency() {
    long fastest = FASTEST.toNanos();
    long slowest = Math.max(fastest + 1, conditions.slowest().toNanos());
    // Mostly fast, now and then as slow as can be.
    double share = random.nextDouble();
    return Duration.ofNanos(fastest + (long) ((slowest - fastest) * share * share * share));
  }

  /** Carries something; what left before, on the same call and way, arrives before. */
  void carry(Direction direction, Duration time, Runnable arrival) {
    world.after(time, () -> arrive(direction, arrival));
  }

  private void arrive(Direction direction, Runnable arrival) {
    if (isCut(direction) || !way(direction).held.isEmpty()) {
      way(direction).held.add(arrival);
    } else {
      arrival.run();
    }
  }
}
