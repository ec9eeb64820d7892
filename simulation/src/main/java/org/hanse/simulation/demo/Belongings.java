package org.hanse.simulation.demo;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What must be ended or removed, the newest first, exactly once. Thread-safe. */
final class Belongings implements AutoCloseable {
  private final Object closing = new Object();
  private final Deque<Ending> open = new ArrayDeque<>();
  private boolean closed;

  /** Ends one thing. */
  @FunctionalInterface
  interface Ending {
    void end() throws IOException;
  }

  /**
   * Remembers how a thing is ended.
   *
   * @throws InterruptedException if this is closed or being closed; the thing then was ended too
   */
  void add(Ending ending) throws IOException, InterruptedException {
    if (!remember(ending)) {
      ending.end();
      throw new InterruptedException("being stopped");
    }
  }

  /** Ends everything; whoever else closes waits until that is done. */
  @Override
  public void close() throws IOException {
    synchronized (closing) {
      IOException failure = null;
      for (Ending next = take(); next != null; next = take()) {
        try {
          next.end();
        } catch (IOException e) {
          if (failure == null) {
            failure = e;
          } else {
            failure.addSuppressed(e);
          }
        }
      }
      if (failure != null) {
        throw failure;
      }
    }
  }

  private synchronized boolean remember(Ending ending) {
    if (!closed) {
      open.push(ending);
    }
    return !closed;
  }

  private synchronized @Nullable Ending take() {
    closed = true;
    return open.poll();
  }
}
