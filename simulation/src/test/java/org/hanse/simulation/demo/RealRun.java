package org.hanse.simulation.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.hanse.core.plan.SiteId;
import org.hanse.core.plan.Suite;
import org.hanse.simulation.demo.DemoEvent.Trained;
import org.hanse.simulation.demo.DemoOptions.Disturbances;
import org.hanse.simulation.demo.DemoOptions.FederationOptions;
import org.hanse.simulation.fault.Fault;
import org.hanse.simulation.fault.FaultKind;
import org.hanse.simulation.fault.FaultPlan;
import org.hanse.simulation.process.Child;
import org.hanse.simulation.process.ChildEvent;
import org.hanse.simulation.process.Children;
import org.hanse.simulation.process.Launcher;

/**
 * A plan's faults done to real programs: a coordinator and sites of their own processes, by the
 * clock on the wall, in a job on real data. Who dies is started again at once.
 */
public final class RealRun {
  private static final int SITES = 5;
  private static final long ROUNDS = 6;
  private static final long SEED = 1;
  private static final Duration COMMAND_LIMIT = Duration.ofMinutes(5);

  /** What signals can do. */
  private static final Set<FaultKind> POSSIBLE =
      EnumSet.of(FaultKind.KILL, FaultKind.STOP, FaultKind.PAUSE);

  private final Path home;
  private final Consumer<String> said;
  private final PriorityQueue<Action> calendar =
      new PriorityQueue<>(Comparator.comparing(Action::at));
  private final Set<String> trained = new HashSet<>();
  private final List<String> violations = new ArrayList<>();

  /** Something to do to a process. */
  private record Action(Instant at, String what, Work work) {}

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  /**
   * How a run ended.
   *
   * @param violations what must not have happened
   * @param counted sites in each round that was published
   */
  public record Outcome(List<String> violations, List<Long> counted, String model) {
    boolean everybodyWasCounted() {
      return counted.size() == ROUNDS && counted.stream().allMatch(sites -> sites == SITES);
    }
  }

  private RealRun(Path home, Consumer<String> said) {
    this.home = home;
    this.said = said;
  }

  /**
   * Runs a job under {@code plan}, and where every round counted everybody a second one that nobody
   * disturbs, which must end with the same model.
   *
   * @param home the checkout, with its programs built
   * @param said hears what happens
   * @throws IOException also if the plan holds what cannot be done to processes
   */
  public static Outcome of(FaultPlan plan, Path home, Consumer<String> said)
      throws IOException, InterruptedException {
    requirePossible(plan);
    Outcome disturbed = new RealRun(home, said).run(plan);
    if (!disturbed.violations().isEmpty() || !disturbed.everybodyWasCounted()) {
      return disturbed;
    }
    said.accept("every round counted everybody: once more without faults");
    Outcome quiet = new RealRun(home, line -> {}).run(FaultPlan.none());
    List<String> violations = new ArrayList<>(quiet.violations());
    if (!quiet.model().equals(disturbed.model())) {
      violations.add("the model is not that of the run that nobody disturbed");
    }
    return new Outcome(violations, disturbed.counted(), disturbed.model());
  }

  private static void requirePossible(FaultPlan plan) throws IOException {
    for (Fault fault : plan.faults()) {
      if (!POSSIBLE.contains(fault.kind())) {
        throw new IOException(
            "%s cannot be done to real processes; %s can"
                .formatted(
                    fault.kind().word(),
                    POSSIBLE.stream().map(FaultKind::word).collect(Collectors.joining(", "))));
      }
      if (fault.site().orElse(0) >= SITES) {
        throw new IOException(
            fault.target() + " is none of the " + SITES + " sites from site-0 on");
      }
    }
  }

  private Outcome run(FaultPlan plan) throws IOException, InterruptedException {
    try (Belongings belongings = new Belongings()) {
      WorkingDirectory directory = WorkingDirectory.open(Optional.empty());
      belongings.add(directory::close);
      Scenario scenario = scenario();
      ConsortiumFiles files = new ConsortiumFiles(directory.path(), scenario);
      files.write();
      BlockingQueue<ChildEvent> events = new LinkedBlockingQueue<>();
      Children children =
          new Children(new Launcher(home.resolve("hanse")), files.logs(), events::add);
      belongings.add(children::close);
      Programs programs = new Programs(children, events, files, this::hear);
      UploadBreaker nobody = new UploadBreaker(List.of(), 1, Duration.ofMinutes(1));
      belongings.add(nobody::close);
      Federation federation = new Federation(scenario, files, programs, nobody, this::hear);
      String planHash = federation.open(port -> Map.of());
      List<Long> counted =
          watch(
              programs,
              files,
              scenario.job().value(),
              () -> plan.faults().forEach(fault -> schedule(fault, programs, scenario)),
              planHash);
      String model =
          JobEventLine.field(
              String.join(
                  "",
                  programs.runCommand(
                      "show",
                      List.of("job", "show", scenario.job().value(), "-o", "json"),
                      COMMAND_LIMIT)),
              "modelHash");
      return new Outcome(violations, counted, model);
    } catch (DemoFailure e) {
      violations.add(e.getMessage() + "\n" + String.join("\n", e.details()));
      return new Outcome(violations, List.of(), "");
    }
  }

  private Scenario scenario() throws IOException, DemoFailure {
    return Scenario.of(
        new DemoOptions(
            new FederationOptions(
                Example.BREAST_CANCER, SITES, Optional.of(ROUNDS), SEED, Suite.FLSA1),
            Disturbances.NONE,
            Optional.empty()),
        home);
  }

  private void schedule(Fault fault, Programs programs, Scenario scenario) {
    Optional<SiteId> site = fault.site().stream().mapToObj(scenario.sites()::get).findFirst();
    Instant at = Instant.now().plusMillis(fault.atMillis());
    String what = fault.kind().word() + " " + fault.target();
    switch (fault.kind()) {
      case KILL -> calendar.add(new Action(at, what, () -> signal(programs, site, "-KILL")));
      case STOP -> calendar.add(new Action(at, what, () -> signal(programs, site, "-TERM")));
      case PAUSE -> {
        calendar.add(new Action(at, what, () -> signal(programs, site, "-STOP")));
        calendar.add(
            new Action(
                at.plusMillis(fault.forMillis()),
                fault.target() + " goes on",
                () -> signal(programs, site, "-CONT")));
      }
      default -> throw new IllegalStateException("not possible: " + fault);
    }
  }

  private static void signal(Programs programs, Optional<SiteId> site, String signal)
      throws IOException, InterruptedException {
    Optional<Child> child = site.isPresent() ? programs.site(site.get()) : programs.coordinator();
    if (child.isPresent()) {
      var _ =
          new ProcessBuilder("kill", signal, Long.toString(child.get().pid())).start().waitFor();
    }
  }

  /** Until the job is over; the plan's time begins when the sites have approved it. */
  private List<Long> watch(
      Programs programs, ConsortiumFiles files, String job, Runnable onApproval, String planHash)
      throws DemoFailure, IOException, InterruptedException {
    List<String> command = List.of("job", "watch", job, "-o", "jsonl");
    Child watch = programs.startCommand("watch", command);
    List<Long> counted = new ArrayList<>();
    boolean approved = false;
    for (int starts = 1; ; ) {
      Optional<ChildEvent> event = next(programs);
      if (event.isEmpty() || !event.get().child().equals(watch)) {
        continue;
      }
      switch (event.get()) {
        case ChildEvent.Line(Child _, String text) -> {
          if (!approved) {
            approved = true;
            files.approve(planHash);
            onApproval.run();
          }
          said.accept(text);
          if (text.contains("\"event\":\"round\"")) {
            counted.add(JobEventLine.number(text, "sites"));
          }
        }
        case ChildEvent.Ended ended -> {
          if (ended.exitCode() == 0) {
            return counted;
          }
          if (approved || !Programs.worthAnotherTry(ended, starts)) {
            throw Programs.failure(watch, ended.exitCode());
          }
          starts++;
          watch = programs.startCommand("watch", command);
        }
      }
    }
  }

  private Optional<ChildEvent> next(Programs programs)
      throws DemoFailure, IOException, InterruptedException {
    while (!calendar.isEmpty() && !calendar.peek().at().isAfter(Instant.now())) {
      Action due = calendar.remove();
      said.accept("FAULT " + due.what());
      due.work().run();
    }
    Instant limit = calendar.isEmpty() ? Instant.now().plus(COMMAND_LIMIT) : calendar.peek().at();
    try {
      return Optional.of(programs.next(limit, "the job to go on"));
    } catch (DemoFailure e) {
      if (e.exitCode() == ExitCode.TIMEOUT && !calendar.isEmpty()) {
        return Optional.empty(); // for the next fault
      }
      throw e;
    }
  }

  private void hear(DemoEvent event) {
    if (event instanceof Trained(long round, SiteId site)) {
      said.accept(site + " has trained round " + round);
      if (!trained.add(site + "/" + round)) {
        violations.add(site + " has trained round " + round + " twice");
      }
    }
  }
}
