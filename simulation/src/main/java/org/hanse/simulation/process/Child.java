package org.hanse.simulation.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** A running or ended child process. Thread-safe. */
public final class Child {
  private final String name;
  private final Process process;
  private final Path log;

  private Child(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a process whose standard error is appended to {@code log}; {@code events} hears of its
   * lines and its end on a thread of its own.
   */
  static Child start(String name, ProcessBuilder command, Path log, Consumer<ChildEvent> events)
      throws IOException {
    Process process = command.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
    Child child = new Child(name, process, log);
    process.getOutputStream().close();
    Thread.ofPlatform().daemon().name("output of " + name).start(() -> child.read(events));
    return child;
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  /** As {@code kill -9}. */
  public void kill() {
    process.destroyForcibly();
  }

  /** As {@code kill}: lets the process end in order. */
  void terminate() {
    process.destroy();
  }

  boolean running() {
    return process.isAlive();
  }

  /** Waits for the end, however long: for children that were killed before. */
  public void join() throws InterruptedException {
    process.waitFor();
  }

  /** The last lines of what it wrote to standard error. */
  public List<String> logTail(int lines) {
    try {
      List<String> all = Files.readAllLines(log, UTF_8);
      return List.copyOf(all.subList(Math.max(0, all.size() - lines), all.size()));
    } catch (IOException e) {
      return List.of("(" + log + " cannot be read: " + e.getMessage() + ")");
    }
  }

  private void read(Consumer<ChildEvent> events) {
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        events.accept(new ChildEvent.Line(this, line));
      }
    } catch (IOException e) {
      // The pipe broke: the process is ending, which is told below.
    }
    try {
      events.accept(new ChildEvent.Ended(this, process.waitFor()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does; the thread ends
    }
  }

  @Override
  public String toString() {
    return name + " (process " + pid() + ")";
  }
}
