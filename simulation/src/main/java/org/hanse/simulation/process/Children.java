package org.hanse.simulation.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * All child processes of this program. Closing ends every one and lets no other start, whoever
 * closes: the end of the program, a failure or a signal's hook. Thread-safe.
 */
public final class Children implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Launcher launcher;
  private final Path logs;
  private final Consumer<ChildEvent> events;
  private final List<Child> started = new ArrayList<>();
  private boolean closed;

  /**
   * @param logs directory for one log file a name
   * @param events called on other threads
   */
  public Children(Launcher launcher, Path logs, Consumer<ChildEvent> events) {
    this.launcher = launcher;
    this.logs = logs;
    this.events = events;
  }

  /**
   * Starts {@code hanse} with arguments.
   *
   * @param name for people, and the log file's name
   * @throws InterruptedException if closed: whoever starts more is being stopped
   */
  public synchronized Child start(String name, List<String> arguments)
      throws IOException, InterruptedException {
    if (closed) {
      throw new InterruptedException("no child is started any more");
    }
    Files.createDirectories(logs);
    Child child =
        Child.start(name, launcher.command(arguments), logs.resolve(name + ".log"), events);
    started.add(child);
    return child;
  }

  /** Waits for a moment and says whether this is closed. */
  public synchronized boolean closedWithin(Duration moment) throws InterruptedException {
    long until = System.nanoTime() + moment.toNanos();
    long leftNanos = until - System.nanoTime();
    while (!closed && leftNanos > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
      leftNanos = until - System.nanoTime();
    }
    return closed;
  }

  /** Asks every child to end, kills those that have not within seconds, and waits for all. */
  @Override
  public void close() {
    List<Child> all;
    synchronized (this) {
      closed = true;
      notifyAll();
      all = List.copyOf(started);
    }
    all.forEach(Child::terminate);
    Instant limit = Instant.now().plus(PATIENCE);
    try {
      while (all.stream().anyMatch(Child::running) && Instant.now().isBefore(limit)) {
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // then at once
    }
    all.forEach(Child::kill);
    for (Child child : all) {
      try {
        child.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
