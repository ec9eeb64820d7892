package org.hanse.simulation.demo;

import static java.util.Comparator.comparing;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.hanse.core.plan.SiteId;
import org.hanse.simulation.demo.DemoEvent.CoordinatorRestarted;
import org.hanse.simulation.demo.DemoEvent.SiteRestarted;
import org.hanse.simulation.demo.DemoEvent.Trained;
import org.hanse.simulation.process.Child;
import org.hanse.simulation.process.ChildEvent;
import org.hanse.simulation.process.ChildEvent.Ended;
import org.hanse.simulation.process.ChildEvent.Line;
import org.hanse.simulation.process.Children;
import org.jspecify.annotations.Nullable;

/**
 * The consortium's running programs: the very commands of an installation. One that dies is started
 * again. Used by one thread.
 */
final class Programs {
  /** What dies more often than this has a cause that a new start does not cure. */
  private static final int MAX_DEATHS = 5;

  private static final int MAX_STARTS_PER_COMMAND = 4;

  /** Exit codes from here on are those of killed processes. */
  private static final int FIRST_SIGNAL = 128;

  /** The exit code of commands that could not connect. */
  private static final int NO_CONNECTION = 2;

  /**
   * An interrupt from the keyboard reaches the children too: their ends are judged only when this
   * program has had time to learn that it is being stopped itself.
   */
  private static final Duration BEFORE_JUDGING = Duration.ofSeconds(1);

  private static final int LOG_LINES = 15;

  private final Children children;
  private final BlockingQueue<ChildEvent> events;
  private final ConsortiumFiles files;
  private final Report report;
  private final Map<Child, SiteId> sites = new HashMap<>();
  private final Set<SiteId> connected = new HashSet<>();
  private final Set<Child> killed = new HashSet<>();
  private final Map<SiteId, Integer> deaths = new TreeMap<>(comparing(SiteId::value));
  private @Nullable Child coordinator;
  private boolean listened;
  private int coordinatorDeaths;

  Programs(
      Children children, BlockingQueue<ChildEvent> events, ConsortiumFiles files, Report report) {
    this.children = children;
    this.events = events;
    this.files = files;
    this.report = report;
  }

  void startCoordinator() throws IOException, InterruptedException {
    String config = files.coordinatorConfig().toString();
    coordinator =
        children.start(
            "coordinator", List.of("coordinator", "serve", "--config", config, "-o", "jsonl"));
  }

  void startSite(SiteId site) throws IOException, InterruptedException {
    String config = files.siteConfig(site).toString();
    sites.put(
        children.start(site.value(), List.of("client", "run", "--config", config, "-o", "jsonl")),
        site);
  }

  /** Starts a researcher's command; {@link #next} then hears of it. */
  Child startCommand(String name, List<String> arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(arguments);
    all.add("--config");
    all.add(files.researcherConfig().toString());
    return children.start(name, all);
  }

  /** The site's process, which may have ended. */
  Optional<Child> site(SiteId site) {
    return sites.entrySet().stream()
        .filter(entry -> entry.getValue().equals(site))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** The coordinator's process, which may have ended. */
  Optional<Child> coordinator() {
    return Optional.ofNullable(coordinator);
  }

  /** As {@code kill -9}, on purpose; waits until the process is gone. */
  void kill(SiteId site) throws InterruptedException {
    for (Map.Entry<Child, SiteId> entry : sites.entrySet()) {
      if (entry.getValue().equals(site)) {
        killed.add(entry.getKey());
        entry.getKey().kill();
        entry.getKey().join();
        connected.remove(site);
      }
    }
  }

  /** As {@code kill -9}, on purpose; it is started again when its end is heard of. */
  void killCoordinator() throws InterruptedException {
    Child running = coordinator;
    if (running != null) {
      killed.add(running);
      running.kill();
      running.join();
    }
  }

  /** Waits for the coordinator's first word, which tells its port. */
  int awaitCoordinator(Duration atMost) throws DemoFailure, IOException, InterruptedException {
    Instant limit = Instant.now().plus(atMost);
    while (true) {
      if (next(limit, "the coordinator to listen") instanceof Line line
          && line.child().equals(coordinator)
          && line.text().contains("\"listening\"")) {
        listened = true;
        String address = JobEventLine.field(line.text(), "address");
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
      }
    }
  }

  /** Waits until each of these sites has reached the coordinator. */
  void awaitConnected(Collection<SiteId> awaited, Duration atMost)
      throws DemoFailure, IOException, InterruptedException {
    Instant limit = Instant.now().plus(atMost);
    while (!connected.containsAll(awaited)) {
      poll(limit, "every site to connect");
    }
  }

  /** Sites whose process ended without this demo having killed it. */
  List<SiteId> died() {
    return List.copyOf(deaths.keySet());
  }

  /** Runs a researcher's command to its end and gives all lines it wrote. */
  List<String> runCommand(String name, List<String> arguments, Duration atMost)
      throws DemoFailure, IOException, InterruptedException {
    Instant limit = Instant.now().plus(atMost);
    Child command = startCommand(name, arguments);
    List<String> lines = new ArrayList<>();
    for (int starts = 1; ; ) {
      ChildEvent event = next(limit, command.name() + " to end");
      if (!event.child().equals(command)) {
        continue;
      }
      switch (event) {
        case Line line -> lines.add(line.text());
        case Ended ended when ended.exitCode() == 0 -> {
          return lines;
        }
        case Ended ended -> {
          if (!worthAnotherTry(ended, starts)) {
            throw failure(command, ended.exitCode());
          }
          starts++;
          lines.clear();
          command = startCommand(name, arguments);
        }
      }
    }
  }

  /** A machine that is busy starting many programs may be too slow for a connection's patience. */
  static boolean worthAnotherTry(Ended ended, int starts) {
    return ended.exitCode() == NO_CONNECTION && starts < MAX_STARTS_PER_COMMAND;
  }

  /**
   * The next word of the coordinator or a command. Sites' lines are left out, and their deaths
   * dealt with.
   *
   * @throws DemoFailure if the coordinator died, a site dies too often, or {@code limit} passed
   * @throws InterruptedException if this program is being stopped
   */
  ChildEvent next(Instant limit, String awaited)
      throws DemoFailure, IOException, InterruptedException {
    while (true) {
      Optional<ChildEvent> event = poll(limit, awaited);
      if (event.isPresent()) {
        return event.get();
      }
    }
  }

  /** Takes one event; empty if a site's. */
  private Optional<ChildEvent> poll(Instant limit, String awaited)
      throws DemoFailure, IOException, InterruptedException {
    long leftMillis = Math.max(0, Duration.between(Instant.now(), limit).toMillis());
    ChildEvent event = events.poll(leftMillis, TimeUnit.MILLISECONDS);
    if (event == null) {
      throw new DemoFailure(ExitCode.TIMEOUT, "waited too long for " + awaited + ".", List.of());
    }
    SiteId site = sites.get(event.child());
    switch (event) {
      case Ended ended when site != null -> {
        judge();
        restart(site, ended);
      }
      case Ended ended when ended.child().equals(coordinator) -> {
        judge();
        restartCoordinator(ended);
      }
      case Line line when site != null -> hear(site, line.text());
      default -> {
        return Optional.of(event);
      }
    }
    return Optional.empty();
  }

  private void hear(SiteId site, String line) throws DemoFailure {
    if (line.contains("\"event\":\"connected\"")) {
      connected.add(site);
    } else if (line.contains("\"event\":\"trained\"")) {
      report.on(new Trained(JobEventLine.number(line, "round"), site));
    }
  }

  /** A command's or program's failure with the end of its log. */
  static DemoFailure failure(Child child, int exitCode) {
    List<String> details = new ArrayList<>();
    details.add("The end of what it wrote:");
    child.logTail(LOG_LINES).forEach(line -> details.add("  " + line));
    return new DemoFailure(
        ExitCode.FAILED, child.name() + " ended with exit code " + exitCode + ".", details);
  }

  private void restart(SiteId site, Ended ended)
      throws DemoFailure, IOException, InterruptedException {
    sites.remove(ended.child());
    connected.remove(site);
    if (!killed.remove(ended.child()) && deaths.merge(site, 1, Integer::sum) > MAX_DEATHS) {
      throw failure(ended.child(), ended.exitCode());
    }
    startSite(site);
    report.on(new SiteRestarted(site, ended.exitCode()));
  }

  /** Whatever it was in the middle of, it goes on with; one that cannot even listen says why. */
  private void restartCoordinator(Ended ended)
      throws DemoFailure, IOException, InterruptedException {
    boolean refusedToStart = !listened && ended.exitCode() < FIRST_SIGNAL;
    if (refusedToStart || (!killed.remove(ended.child()) && ++coordinatorDeaths > MAX_DEATHS)) {
      throw failure(ended.child(), ended.exitCode());
    }
    startCoordinator();
    report.on(new CoordinatorRestarted(ended.exitCode()));
  }

  private void judge() throws InterruptedException {
    if (children.closedWithin(BEFORE_JUDGING)) {
      throw new InterruptedException("being stopped");
    }
  }
}
