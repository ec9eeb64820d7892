package org.hanse.simulation.demo;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.hanse.client.config.job.JobDraft;
import org.hanse.client.trainer.LocalTrainer;
import org.hanse.simulation.demo.DemoEvent.Compared;
import org.hanse.simulation.demo.DemoEvent.Dealt;
import org.hanse.simulation.demo.DemoEvent.Finished;
import org.hanse.simulation.demo.DemoEvent.Outcome;
import org.hanse.simulation.demo.DemoEvent.Starting;
import org.hanse.simulation.process.ChildEvent;
import org.hanse.simulation.process.Children;
import org.hanse.simulation.process.Launcher;
import org.jspecify.annotations.Nullable;

/** A whole consortium on this machine, from dealing the records to the comparison. */
public final class Demo {
  /** Nothing the demo does itself takes longer without listening to an interrupt. */
  private static final int SECONDS_TO_LEAVE = 10;

  /** Sites on two busy cores mask their updates first. */
  private static final Duration UNTIL_UPLOAD = Duration.ofMinutes(1);

  private final DemoOptions options;
  private final Surroundings surroundings;
  private final Report report;
  private final Belongings belongings = new Belongings();
  private final CountDownLatch played = new CountDownLatch(1);
  private volatile @Nullable Thread player;

  /**
   * Where the demo runs.
   *
   * @param home the directory that holds examples/
   * @param launcher starts the programs
   * @param trainers makes what trains the models for the comparison
   */
  public record Surroundings(Path home, Launcher launcher, Supplier<LocalTrainer> trainers) {}

  public Demo(DemoOptions options, Surroundings surroundings, Report report) {
    this.options = options;
    this.surroundings = surroundings;
    this.report = report;
  }

  /**
   * Runs to the end, or until {@link #stop}. Whatever happens, no process and no temporary file is
   * left.
   *
   * @throws DemoFailure if arguments do not fit or something failed, in words for people
   * @throws InterruptedException if stopped
   */
  public void run() throws DemoFailure, IOException, InterruptedException {
    try (Closeable _ = this::stop) {
      player = Thread.currentThread();
      try {
        play(Scenario.of(options, surroundings.home()));
      } finally {
        report.end();
        played.countDown();
      }
    }
  }

  /** Ends all processes and removes temporary files; any thread may call it, more than once. */
  public void stop() throws IOException {
    belongings.close();
  }

  private void play(Scenario scenario) throws IOException, DemoFailure, InterruptedException {
    Instant start = Instant.now();
    WorkingDirectory directory = WorkingDirectory.open(options.keep());
    belongings.add(directory::close);
    if (options.disturbances().attack().isEmpty()) {
      report.on(
          new Dealt(
              scenario.sites(),
              scenario.template().classes(),
              scenario.counts(),
              scenario.deal().heldOut().size()));
    }
    report.on(new Starting(directory.path(), directory.kept()));

    ConsortiumFiles files = new ConsortiumFiles(directory.path(), scenario);
    if (directory.kept()) {
      belongings.add(files::connectDirectly);
    }
    belongings.add(this::leave);
    files.write();
    JobDraft job = files.readJob();
    UploadBreaker breaker =
        new UploadBreaker(
            options.disturbances().siteBreaks(),
            job.training().model().layout().parameterCount()
                * job.aggregation().suite().ring().elementBytes(),
            UNTIL_UPLOAD);
    belongings.add(breaker::close);

    BlockingQueue<ChildEvent> events = new LinkedBlockingQueue<>();
    Optional<AttackRun> attack =
        options.disturbances().attack().map(which -> new AttackRun(which, files, report));
    Children children =
        new Children(
            surroundings.launcher(),
            files.logs(),
            event -> {
              events.add(event);
              attack.ifPresent(run -> run.hear(event));
            });
    belongings.add(children::close);
    Programs programs = new Programs(children, events, files, report);
    Federation federation = new Federation(scenario, files, programs, breaker, report);
    if (attack.isPresent()) {
      belongings.add(attack.get()::close);
      attack.get().play(federation, children);
    } else {
      train(scenario, federation, files, job, start);
    }
  }

  private void train(
      Scenario scenario, Federation federation, ConsortiumFiles files, JobDraft job, Instant start)
      throws IOException, DemoFailure, InterruptedException {
    try (ComparisonThread comparison =
        new ComparisonThread(surroundings.trainers(), job.training(), files)) {
      federation.run();
      Comparison result = comparison.with(files.readModel(job.training().model().layout()));
      report.on(new Compared(result));
      report.on(
          new Finished(
              new Outcome(
                  scenario.job(),
                  options.federation(),
                  scenario.rounds(),
                  result,
                  sha256(files.model()),
                  Duration.between(start, Instant.now()).toMillis() / 1_000.0,
                  options.keep().map(path -> files.root()))));
    }
  }

  /** Whoever stops a demo that is running waits until it writes no more files. */
  private void leave() {
    Thread running = player;
    if (running == null) {
      return;
    }
    try {
      for (int i = 0; i < SECONDS_TO_LEAVE && played.getCount() > 0; i++) {
        running.interrupt();
        played.await(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // its files then may be left
    }
  }

  private static String sha256(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
