package org.hanse.simulation.world;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A world with a clock of its own. Whatever may run runs at once, in an order drawn from the seed;
 * then the clock goes on to the next thing that is due. For the one thread that made it.
 *
 * <p>A thread that blocks on a monitor must not find its holder asleep: such a wait is outside of
 * what this world can order, and ends the run.
 */
public final class World {
  /** What every run's calendar begins with. */
  public static final Instant EPOCH = Instant.parse("2030-01-01T00:00:00Z");

  /** The rule that a world keeps by itself: nothing happens in it but by its own order. */
  public static final String ORDER = "order";

  private static final long FOREIGN_WAIT_SECONDS = 20;

  private final Thread carrier = Thread.currentThread();
  private final SplittableRandom order;
  private final PriorityQueue<Due> calendar = new PriorityQueue<>();
  private final List<Ready> ready = new ArrayList<>();
  private final Deque<Ready> urgent = new ArrayDeque<>();
  private final LinkedBlockingQueue<Runnable> foreign = new LinkedBlockingQueue<>();
  private final Trace trace = new Trace();
  private @Nullable Defect defect;
  private long nanos;
  private long sequence;
  private long steps;

  /** Something that must not happen, happened. */
  public record Defect(String rule, String what, @Nullable Throwable cause) {}

  /** Something to come. */
  public interface Alarm {
    void cancel();
  }

  /** A piece of a thread's work. */
  record Ready(SimulatedProcess process, Thread thread, Runnable continuation) {}

  private static final class Due implements Comparable<Due>, Alarm {
    private final long nanos;
    private final long sequence;
    private @Nullable Runnable task;

    Due(long nanos, long sequence, Runnable task) {
      this.nanos = nanos;
      this.sequence = sequence;
      this.task = task;
    }

    @Override
    public void cancel() {
      task = null;
    }

    @Override
    public int compareTo(Due other) {
      return nanos == other.nanos
          ? Long.compare(sequence, other.sequence)
          : Long.compare(nanos, other.nanos);
    }
  }

  public World(long seed) {
    this.order = new SplittableRandom(seed);
  }

  /** A source of chance of its own. */
  public SplittableRandom random() {
    return order.split();
  }

  public Trace trace() {
    return trace;
  }

  /** Writes down what happened. */
  public void note(String line) {
    trace.add(nanos, line);
  }

  /** Since the world began. */
  public long nanos() {
    return nanos;
  }

  /** Threads that were carried on so far. */
  public long steps() {
    return steps;
  }

  /** What must not happen, happened: the run is over. Only the first counts. */
  public void fail(String rule, String what, @Nullable Throwable cause) {
    if (defect == null) {
      note("VIOLATION " + rule + ": " + what);
      defect = new Defect(rule, what, cause);
    }
  }

  public @Nullable Defect defect() {
    return defect;
  }

  /** Runs {@code task} on the world's own thread; it must not block. */
  public Alarm after(Duration time, Runnable task) {
    Due due = new Due(nanos + Math.max(0, time.toNanos()), sequence++, task);
    calendar.add(due);
    return due;
  }

  /** One thing happens; false if nothing ever will. */
  public boolean step() {
    if (!urgent.isEmpty()) {
      carry(urgent.removeFirst());
      return true;
    }
    if (!ready.isEmpty()) {
      carry(take());
      return true;
    }
    while (!calendar.isEmpty()) {
      Due due = calendar.remove();
      Runnable task = due.task;
      if (task != null) {
        nanos = Math.max(nanos, due.nanos);
        task.run();
        return true;
      }
    }
    return false;
  }

  private Ready take() {
    int chosen = ready.size() == 1 ? 0 : order.nextInt(ready.size());
    Ready last = ready.removeLast();
    return chosen == ready.size() ? last : ready.set(chosen, last);
  }

  @SuppressWarnings("ReferenceEquality") // this very continuation
  private void carry(Ready next) {
    if (!next.process().alive() || next.process().holds(next)) {
      return;
    }
    steps++;
    Runnable continuation = next.continuation();
    continuation.run();
    while (next.thread().getState() == Thread.State.BLOCKED && defect == null) {
      if (awaitForeign(next.thread()) == continuation) {
        continuation.run();
      }
    }
    if (!foreign.isEmpty()) {
      fail(ORDER, "a thread was woken from outside of the world", null);
    }
  }

  /** A monitor that another world's thread holds is free in no time. */
  private @Nullable Runnable awaitForeign(Thread waiting) {
    try {
      Runnable woken = foreign.poll(FOREIGN_WAIT_SECONDS, TimeUnit.SECONDS);
      if (woken == null) {
        Throwable where = new IllegalStateException(waiting.getName());
        where.setStackTrace(waiting.getStackTrace());
        fail(ORDER, "a thread waits for a monitor whose holder sleeps", where);
      }
      return woken;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(ORDER, "interrupted", e);
      return null;
    }
  }

  void submit(Ready work) {
    Thread caller = Thread.currentThread();
    if (!caller.isVirtual() && caller != carrier) {
      foreign.add(work.continuation());
    } else if (!work.process().holds(work)) {
      ready.add(work);
    }
  }

  void release(List<Ready> first, List<Ready> then) {
    urgent.addAll(first);
    ready.addAll(then);
  }
}
