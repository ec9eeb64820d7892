package org.hanse.simulation.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A process of the operating system: threads that are never carried on once it was killed. Used by
 * the world's thread and its own.
 */
public final class SimulatedProcess implements Executor {
  private final World world;
  private final String name;
  private final List<Runnable> atDeath = new ArrayList<>();
  private List<World.Ready> held = new ArrayList<>();
  private volatile boolean alive = true;
  private List<World.Ready> heldFirst = new ArrayList<>();
  private int pauses;
  private boolean waking;
  private BiConsumer<String, Throwable> onFailure;

  public SimulatedProcess(World world, String name) {
    this.world = world;
    this.name = name;
    this.onFailure =
        (thread, cause) -> world.fail("no defect", name + " " + thread + " ended: " + cause, cause);
  }

  public World world() {
    return world;
  }

  public String name() {
    return name;
  }

  public boolean alive() {
    return alive;
  }

  /** What becomes of a thread that ends by an exception; a violation, unless said otherwise. */
  public void onFailure(BiConsumer<String, Throwable> heard) {
    onFailure = heard;
  }

  private void threadFailed(String thread, Throwable cause) {
    if (alive) {
      onFailure.accept(thread, cause);
    }
  }

  /** Runs when it is killed: its peers find its connections gone. */
  public void atDeath(Runnable task) {
    atDeath.add(task);
  }

  /** Ends at once, wherever it is, as kill -9 does. */
  public void kill() {
    if (alive) {
      alive = false;
      held.clear();
      heldFirst.clear();
      List.copyOf(atDeath).forEach(Runnable::run);
    }
  }

  /** The calling thread dies with its process, in the middle of what it does. */
  public void killHere() {
    kill();
    while (true) {
      LockSupport.park();
    }
  }

  /** Stands still, as after SIGSTOP, or on a disk that does not answer. */
  public void pause() {
    pauses++;
  }

  /** Undoes one {@link #pause}. */
  public void resume() {
    pauses--;
    if (alive && pauses == 0) {
      List<World.Ready> first = heldFirst;
      List<World.Ready> then = held;
      heldFirst = new ArrayList<>();
      held = new ArrayList<>();
      world.release(first, then);
    }
  }

  /**
   * The calling thread waits, and all others with it: it goes on before them, so it may hold a
   * monitor.
   */
  public void stall(Duration time) {
    CompletableFuture<Boolean> over = new CompletableFuture<>();
    pause();
    world.after(
        time,
        () -> {
          if (alive) {
            waking = true;
            over.complete(true);
            waking = false;
            resume();
          }
        });
    over.join();
  }

  /** Whether this work has to wait until the process goes on; then it runs by itself. */
  boolean holds(World.Ready work) {
    if (waking) {
      heldFirst.add(work);
    } else if (pauses > 0) {
      held.add(work);
    }
    return waking || pauses > 0;
  }

  /** A thread of this process. */
  public Thread unstarted(String thread, Runnable task) {
    Scheduler scheduler = new Scheduler();
    scheduler.thread =
        VirtualThreads.unstarted(
            scheduler,
            name + "/" + thread,
            () -> {
              try {
                task.run();
              } catch (Throwable e) {
                threadFailed(thread, e);
              }
            });
    return scheduler.thread;
  }

  public Thread start(String thread, Runnable task) {
    Thread made = unstarted(thread, task);
    made.start();
    return made;
  }

  /** Takes one thread's work to the world. */
  private final class Scheduler implements Executor {
    private @Nullable Thread thread;

    @Override
    public void execute(Runnable continuation) {
      if (alive) {
        world.submit(
            new World.Ready(SimulatedProcess.this, Objects.requireNonNull(thread), continuation));
      }
    }
  }

  @Override
  public void execute(Runnable task) {
    start("task", task);
  }

  /** Runs {@code task} later on a thread of this process, unless it has been killed. */
  public World.Alarm after(Duration time, Runnable task) {
    return world.after(
        time,
        () -> {
          if (alive) {
            start("timer", task);
          }
        });
  }

  public void sleep(Duration time) throws InterruptedException {
    CompletableFuture<Boolean> due = new CompletableFuture<>();
    World.Alarm alarm = after(time, () -> due.complete(true));
    try {
      due.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      alarm.cancel();
    }
  }

  /** Waits until {@code future} is done; false if it is not in time. */
  public boolean await(CompletableFuture<?> future, Duration atMost) throws InterruptedException {
    CompletableFuture<Boolean> either = new CompletableFuture<>();
    var _ = future.whenComplete((value, failure) -> either.complete(true));
    World.Alarm alarm = after(atMost, () -> either.complete(false));
    try {
      return either.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      alarm.cancel();
    }
  }
}
