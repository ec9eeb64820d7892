package org.hanse.simulation.demo;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.plan.Suite;
import org.hanse.simulation.demo.DemoEvent.CoordinatorKilled;
import org.hanse.simulation.demo.DemoEvent.JobPaused;
import org.hanse.simulation.demo.DemoEvent.RoundFellShort;
import org.hanse.simulation.demo.DemoEvent.RoundPublished;
import org.hanse.simulation.demo.DemoEvent.StageReached;
import org.hanse.simulation.demo.DemoEvent.Submitted;
import org.hanse.simulation.process.Child;
import org.hanse.simulation.process.ChildEvent;
import org.hanse.simulation.process.ChildEvent.Ended;
import org.hanse.simulation.process.ChildEvent.Line;

/** The course of one job, from the first process to the exported model. */
final class Federation {
  private static final Duration COMMAND_LIMIT = Duration.ofMinutes(2);

  /** Twenty learning libraries may have to be loaded on two cores. */
  private static final Duration START_LIMIT = Duration.ofMinutes(5);

  /** Above the longest deadline in the examples' job files: the coordinator gives up earlier. */
  private static final Duration SILENCE_LIMIT = Duration.ofMinutes(30);

  private final Scenario scenario;
  private final ConsortiumFiles files;
  private final Programs programs;
  private final UploadBreaker breaker;
  private final Report report;
  private final Set<Long> coordinatorBreaks;
  private long lastRound;

  Federation(
      Scenario scenario,
      ConsortiumFiles files,
      Programs programs,
      UploadBreaker breaker,
      Report report) {
    this.scenario = scenario;
    this.files = files;
    this.programs = programs;
    this.breaker = breaker;
    this.report = report;
    this.coordinatorBreaks = new HashSet<>(scenario.options().disturbances().coordinatorBreaks());
  }

  /** What stands between the sites and the coordinator. */
  interface Ways {
    /** Where sites connect that do not connect to the coordinator's own port. */
    Map<SiteId, Integer> to(int coordinatorPort) throws IOException, InterruptedException;
  }

  /** Trains; afterwards the global model lies in its file. */
  void run() throws DemoFailure, IOException, InterruptedException {
    watch(open(breaker::listen));
    programs.runCommand(
        "export",
        List.of("model", "export", scenario.job().value(), "--file", files.model().toString()),
        COMMAND_LIMIT);
  }

  /** Starts everyone and submits the job; returns the hash that stewards approve. */
  String open(Ways ways) throws DemoFailure, IOException, InterruptedException {
    programs.startCoordinator();
    int port = programs.awaitCoordinator(COMMAND_LIMIT);
    files.connect(port, ways.to(port));
    for (SiteId site : scenario.sites()) {
      programs.startSite(site);
    }
    // A job that starts before every site is there may count fewer in its first round.
    programs.awaitConnected(scenario.sites(), START_LIMIT);
    return submit();
  }

  private String submit() throws DemoFailure, IOException, InterruptedException {
    List<String> answer =
        programs.runCommand(
            "submit",
            List.of("job", "submit", files.job().toString(), "-o", "json"),
            COMMAND_LIMIT);
    String line = String.join("", answer);
    String planHash = JobEventLine.field(line, "planHash");
    Suite suite = scenario.options().federation().suite();
    report.on(new Submitted(new JobId(JobEventLine.field(line, "job")), planHash, suite));
    return planHash;
  }

  private void watch(String planHash) throws DemoFailure, IOException, InterruptedException {
    List<String> command = List.of("job", "watch", scenario.job().value(), "-o", "jsonl");
    Child watch = programs.startCommand("watch", command);
    String last = "";
    for (int starts = 1; ; ) {
      ChildEvent event = programs.next(Instant.now().plus(SILENCE_LIMIT), "the next round");
      if (!event.child().equals(watch)) {
        continue;
      }
      switch (event) {
        case Line line -> {
          if (last.isEmpty()) {
            files.approve(planHash); // only now, so that no stage of the first round goes unseen
          }
          last = line.text();
          tell(last);
        }
        case Ended ended when ended.exitCode() == 0 -> {
          return;
        }
        case Ended ended -> {
          // Once it is connected, it sees to its connection itself.
          if (!last.isEmpty() || !Programs.worthAnotherTry(ended, starts)) {
            throw jobFailed(ended, last);
          }
          starts++;
          watch = programs.startCommand("watch", command);
        }
      }
    }
  }

  private void tell(String line) throws DemoFailure, InterruptedException {
    Optional<DemoEvent> event = JobEventLine.event(line);
    if (event.isEmpty()) {
      return;
    }
    report.on(event.get());
    switch (event.get()) {
      case StageReached stage -> {
        breaker.on(stage, programs, report);
        breakCoordinator(stage);
      }
      case RoundPublished round -> checkCounted(round);
      case JobPaused paused when !paused.reason().isEmpty() ->
          throw DemoFailure.failed(
              "the job is paused: %s.".formatted(paused.reason()),
              "Run again with --keep DIR to keep all logs.");
      default -> {}
    }
  }

  private void breakCoordinator(StageReached stage) throws InterruptedException {
    if (stage.stage().equals("shares") && coordinatorBreaks.remove(stage.round())) {
      programs.killCoordinator();
      report.on(new CoordinatorKilled(stage.round()));
    }
  }

  private void checkCounted(RoundPublished round) throws DemoFailure {
    for (long without = lastRound + 1; without < round.round(); without++) {
      checkCounted(without, 0); // no model came of it
    }
    checkCounted(round.round(), round.sites());
    lastRound = round.round();
  }

  /** Which sites a round counts decides its model: that must be as planned. */
  private void checkCounted(long round, int sites) throws DemoFailure {
    int planned = scenario.countedSites(round);
    if (sites == planned) {
      return;
    }
    if (sites > planned || programs.died().isEmpty()) {
      throw DemoFailure.failed(
          "round %d counted %d sites, and not the %d that it should have."
              .formatted(round, sites, planned),
          "Run again with --keep DIR to keep all logs.");
    }
    report.on(new RoundFellShort(round, sites, planned, programs.died()));
  }

  private DemoFailure jobFailed(Ended ended, String last) throws DemoFailure {
    if (last.contains("\"finished\"")) {
      return DemoFailure.failed(
          "the job ended as %s: %s."
              .formatted(JobEventLine.field(last, "state"), JobEventLine.field(last, "reason")),
          "Run again with --keep DIR to keep all logs.");
    }
    return Programs.failure(ended.child(), ended.exitCode());
  }
}
