package org.hanse.simulation.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A process that waits for its {@link Orders} and may be killed. Thread-safe. */
final class ProgramUnderTest implements AutoCloseable {
  /** 128 and the signal's number. */
  static final int KILLED = 137;

  private static final int ORDERLY_SECONDS = 60;

  private final Process process;
  private final boolean endsInOrder;
  private final List<String> said = new ArrayList<>();
  private final CountDownLatch ready = new CountDownLatch(1);
  private final CompletableFuture<Void> heard;

  private ProgramUnderTest(Process process, boolean endsInOrder) {
    this.process = process;
    this.endsInOrder = endsInOrder;
    this.heard = CompletableFuture.runAsync(this::listen, Thread.ofVirtual()::start);
  }

  /** Starts {@code main} and returns before it is ready. */
  static ProgramUnderTest start(FastStart start, Class<?> main, Path log) throws IOException {
    return new ProgramUnderTest(process(start.replaying(), main, log), false);
  }

  /** Starts one that is never armed, and whose end helps the others to start. */
  static ProgramUnderTest recording(FastStart start, Class<?> main, Path log) throws IOException {
    return new ProgramUnderTest(process(start.recording(), main, log), true);
  }

  private static Process process(List<String> options, Class<?> main, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add(main.getName());
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private void listen() {
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (!line.startsWith(Orders.PREFIX)) {
          continue;
        }
        ready.countDown();
        synchronized (said) {
          said.add(line.substring(Orders.PREFIX.length()));
        }
      }
    } catch (IOException e) {
      // The process is gone.
    } finally {
      ready.countDown();
    }
  }

  /** Lets it run. */
  void go(Orders orders) throws IOException, InterruptedException {
    ready.await();
    process.getOutputStream().write(orders.line().getBytes(UTF_8));
    process.getOutputStream().flush();
  }

  /** What it has said so far of this kind, without the kind's word. */
  List<String> said(String kind) {
    synchronized (said) {
      return said.stream()
          .filter(line -> line.startsWith(kind + " "))
          .map(line -> line.substring(kind.length() + 1))
          .toList();
    }
  }

  /** Whether it has ended; then everything that it said was heard. */
  boolean ended() {
    if (process.isAlive()) {
      return false;
    }
    var _ = heard.join();
    return true;
  }

  int exitCode() {
    return process.exitValue();
  }

  /** As {@code kill -9}; returns when it is gone and all it said was heard. */
  void kill() {
    if (endsInOrder) {
      endInOrder();
    }
    process.toHandle().destroyForcibly(); // Process.destroyForcibly would close the output
    var _ = process.onExit().join();
    var _ = heard.join();
  }

  private void endInOrder() {
    try {
      process.getOutputStream().close();
      var _ = process.waitFor(ORDERLY_SECONDS, TimeUnit.SECONDS);
    } catch (IOException e) {
      // It is gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
