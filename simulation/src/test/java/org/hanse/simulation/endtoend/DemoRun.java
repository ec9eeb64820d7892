package org.hanse.simulation.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One run of {@code hanse demo -o jsonl}, started as a user starts it. */
final class DemoRun {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Process process;
  private final Path temporary;
  private final Path standardError;
  private final List<JsonNode> lines = new ArrayList<>();
  private final Set<ProcessHandle> descendants = new LinkedHashSet<>();

  private DemoRun(Process process, Path temporary, Path standardError) {
    this.process = process;
    this.temporary = temporary;
    this.standardError = standardError;
  }

  /**
   * Starts the demo.
   *
   * @param place a directory for its temporary files and its standard error
   */
  static DemoRun start(Path place, String... arguments) throws IOException {
    Path temporary = Files.createTempDirectory(place, "tmp");
    Path standardError = temporary.resolveSibling(temporary.getFileName() + ".err");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("hanse.launcher")).toRealPath().toString());
    command.addAll(List.of("demo", "-o", "jsonl"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(standardError.toFile());
    builder.environment().put("HANSE_BUILD", "never");
    builder.environment().put("HANSE_JVM_OPTS", "-Djava.io.tmpdir=" + temporary);
    Process process = builder.start();
    process.getOutputStream().close();
    return new DemoRun(process, temporary, standardError);
  }

  /** Reads to the end and waits for it; {@code onLine} sees each line when it comes. */
  DemoRun finish(Consumer<JsonNode> onLine) throws IOException, InterruptedException {
    Thread limit =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                Thread.sleep(PATIENCE);
                process.destroyForcibly();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // it ended in time
              }
            });
    try (BufferedReader reader = process.inputReader(UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(JSON.readTree(line));
        rememberDescendants();
        onLine.accept(lines.getLast());
      }
    }
    boolean ended = process.waitFor(10, TimeUnit.SECONDS);
    limit.interrupt();
    if (!ended) {
      process.destroyForcibly();
      throw new IllegalStateException("the demo closed its output and did not end");
    }
    return this;
  }

  DemoRun finish() throws IOException, InterruptedException {
    return finish(line -> {});
  }

  /** As {@code kill}. */
  void terminate() {
    rememberDescendants();
    process.toHandle().destroy(); // the process itself would close its streams too
  }

  /** Waits for the child whose command line names this file. */
  ProcessHandle child(String argument) throws InterruptedException {
    while (process.isAlive()) {
      rememberDescendants();
      Optional<ProcessHandle> found =
          process
              .descendants()
              .filter(child ->
                  child.info().commandLine().map(line -> line.contains(argument)).orElse(false))
              .findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      Thread.sleep(5);
    }
    throw new IllegalStateException("no child with " + argument);
  }

  int exitCode() {
    return process.exitValue();
  }

  /** All objects on standard output with this event's name. */
  List<JsonNode> events(String name) {
    return lines.stream().filter(line -> line.path("event").asText().equals(name)).toList();
  }

  JsonNode lastLine() {
    return lines.getLast();
  }

  String standardError() throws IOException {
    return Files.readString(standardError, UTF_8);
  }

  /** Processes that it started, or that name its temporary files, and that do not end. */
  List<ProcessHandle> leftProcesses() throws InterruptedException {
    List<ProcessHandle> left = new ArrayList<>();
    for (ProcessHandle process : started()) {
      try {
        process.onExit().get(10, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        left.add(process);
      }
    }
    return left;
  }

  private Set<ProcessHandle> started() {
    Set<ProcessHandle> all = new LinkedHashSet<>(descendants);
    ProcessHandle.allProcesses()
        .filter(child ->
            child.info().commandLine().filter(line -> line.contains(temporary + "/")).isPresent())
        .forEach(all::add);
    return all;
  }

  /** Whether it had children at all, so that none left means something. */
  int seenProcesses() {
    return descendants.size();
  }

  /** Demo directories in its temporary directory. */
  List<String> leftDirectories() throws IOException {
    try (Stream<Path> entries = Files.list(temporary)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.startsWith("hanse-demo"))
          .toList();
    }
  }

  private void rememberDescendants() {
    process.descendants().forEach(descendants::add);
  }
}
