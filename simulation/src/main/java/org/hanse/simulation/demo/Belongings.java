package org.hanse.simulation.demo;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What must be ended or removed, the newest first, exactly once. Thread-safe. */
final class Belongings implements AutoCloseable {
  private final Deque<Ending> open = new ArrayDeque<>();
  private boolean closed;

  /** Ends one thing. */
  @FunctionalInterface
  interface Ending {
    void end() throws IOException;
  }

  /**
   * Remembers how {@code thing} is ended.
   *
   * @throws InterruptedException if everything was ended already; {@code thing} then is too
   */
  synchronized <T> T add(T thing, Ending ending) throws IOException, InterruptedException {
    if (closed) {
      ending.end();
      throw new InterruptedException("being stopped");
    }
    open.push(ending);
    return thing;
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    IOException failure = null;
    while (!open.isEmpty()) {
      try {
        open.pop().end();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
