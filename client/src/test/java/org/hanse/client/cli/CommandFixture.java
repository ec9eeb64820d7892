package org.hanse.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.hanse.client.config.job.ResearcherConfig;
import org.hanse.client.grpc.FakeJobService;
import org.hanse.client.grpc.JobClient;
import org.hanse.client.trainer.Dl4jTrainer;

/** Runs commands as a terminal would, against a coordinator in this process. */
final class CommandFixture implements AutoCloseable {
  final FakeJobService coordinator = new FakeJobService();
  final List<Long> pausesMillis = new ArrayList<>();

  /** Whether pauses are waited for, not only noted. */
  boolean pausesTakeTime;

  final Path directory;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();
  private int openConnections;

  CommandFixture(Path directory) throws IOException {
    this.directory = directory;
    Files.writeString(
        directory.resolve("researcher.yaml"),
        "coordinator: 127.0.0.1:8443\ntls: { certificate: c, key: k, authority: a }\n");
  }

  /** The exit code of {@code hanse} with these arguments and the researcher's configuration. */
  int run(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--config");
    all.add(directory.resolve("researcher.yaml").toString());
    return runExactly(all.toArray(new String[0]));
  }

  int runExactly(String... args) {
    out = new StringWriter();
    err = new StringWriter();
    ResearcherTools tools =
        new ResearcherTools(
            this::connect,
            () -> new Dl4jTrainer(1),
            this::pause,
            new PrintWriter(out),
            new PrintWriter(err));
    return ClientMain.commandLine(tools).execute(args);
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  /** Connections that no command closed. */
  int openConnections() {
    return openConnections;
  }

  @Override
  public void close() {
    coordinator.close();
  }

  private ResearcherTools.Connection connect(ResearcherConfig config) {
    openConnections++;
    return new ResearcherTools.Connection() {
      @Override
      public JobClient jobs() {
        return coordinator.client();
      }

      @Override
      public void close() {
        openConnections--;
      }
    };
  }

  private void pause(long millis) throws InterruptedException {
    pausesMillis.add(millis);
    if (pausesTakeTime) {
      Thread.sleep(millis);
    }
  }
}
