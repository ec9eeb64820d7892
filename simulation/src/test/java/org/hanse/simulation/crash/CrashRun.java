package org.hanse.simulation.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import org.hanse.client.agent.CoordinatorException;
import org.hanse.client.config.job.ResearcherConfig;
import org.hanse.client.config.job.ResearcherConfigFile;
import org.hanse.client.grpc.CoordinatorChannel;
import org.hanse.client.grpc.JobClient;
import org.hanse.coordinator.CoordinatorMain;
import org.hanse.coordinator.config.ConfigReader;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.SiteId;
import org.hanse.simulation.demo.LocalSite;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.JobSummary;
import org.hanse.wire.value.SubmitPart;
import org.hanse.wire.value.WatchRequest;
import org.jspecify.annotations.Nullable;

/**
 * One job from its submission to its end, over mutual TLS, while one program of it is killed at one
 * failpoint after another and started again each time.
 */
final class CrashRun implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(8);

  /** What comes after a job's end comes at once, and the machine is slow. */
  private static final Duration AFTER_THE_END = Duration.ofMinutes(3);

  private static final Duration CALL_LIMIT = Duration.ofSeconds(20);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
  private static final long POLL_MILLIS = 20;

  private final ConsortiumOnDisk consortium;
  private final Victim victim;
  private final Standby standby;
  private final ConsortiumOnDisk.Submission submission;
  private final List<LocalSite> sites = new ArrayList<>();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<ProgramUnderTest> programs = new ArrayList<>();
  private Instant limit = Instant.now().plus(LIMIT);
  private CoordinatorMain.@Nullable Running coordinator;
  private @Nullable CoordinatorChannel channel;
  private Instant nextLook = Instant.EPOCH;
  private boolean submitted;

  /** Whose program is killed. */
  enum Victim {
    COORDINATOR(CoordinatorUnderTest.class),
    SITE(SiteUnderTest.class);

    private final Class<?> main;

    Victim(Class<?> main) {
      this.main = main;
    }

    Standby standby(Path directory) throws IOException {
      return new Standby(main, directory.resolve("log"), FastStart.in(directory));
    }
  }

  /**
   * What came of a job.
   *
   * @param counted sites of each published round
   * @param told by sites, each line begins with the site's id
   * @param taken events that the coordinator acknowledged, if it is the victim
   * @param reached failpoints of the victim's lives until the job had ended, in their order
   * @param files how many there are of each kind after everybody was started once more
   */
  record Outcome(
      Hash model,
      List<Integer> counted,
      List<String> told,
      List<String> taken,
      Set<String> reached,
      Map<String, Integer> files) {

    /** How often the sites said this. */
    long times(String word) {
      return told.stream().filter(line -> line.contains(" " + word)).count();
    }
  }

  CrashRun(Path directory, ConsortiumOnDisk.Setup setup, Victim victim, Standby standby)
      throws Exception {
    this.consortium = new ConsortiumOnDisk(directory, setup);
    this.victim = victim;
    this.standby = standby;
    this.submission = consortium.write();
  }

  /** Kills the victim at each of these points in turn. */
  Outcome killAt(List<String> points) throws Exception {
    List<String> left = new ArrayList<>(points);
    if (victim == Victim.SITE) {
      coordinator = CoordinatorMain.start(ConfigReader.read(consortium.coordinatorConfig()));
    }
    ProgramUnderTest running = start(left.isEmpty() ? "" : left.getFirst());
    startOtherSites();
    Optional<JobSummary> summary = Optional.empty();
    while (summary.isEmpty() || !left.isEmpty() || !everySiteHeardOfTheEnd()) {
      if (Instant.now().isAfter(limit)) {
        throw new AssertionError(
            "waited in vain: before " + left + ", " + summary + ", the sites said " + told());
      }
      if (running.ended()) {
        requireKilledAt(left.isEmpty() ? "" : left.removeFirst(), running);
        running = start(left.isEmpty() ? "" : left.getFirst());
        disconnect();
      } else if (summary.isEmpty()) {
        summary = look(running);
        if (summary.isPresent()) {
          limit = Instant.now().plus(AFTER_THE_END);
        }
      }
      Thread.sleep(POLL_MILLIS);
    }
    List<JobEventEntry> history = history();
    endSites();
    List<ProgramUnderTest> lives = List.copyOf(programs);
    JobSummary again = startAllAgain(running);
    if (!again.equals(summary.orElseThrow())) {
      throw new AssertionError("first " + summary + ", after a start " + again);
    }
    return outcome(again, history, lives);
  }

  private ProgramUnderTest start(String armed) throws IOException, InterruptedException {
    Path config =
        victim == Victim.COORDINATOR
            ? consortium.coordinatorConfig()
            : consortium.siteConfig(ConsortiumOnDisk.victim());
    ProgramUnderTest program = standby.go(new Orders(config, armed));
    programs.add(program);
    return program;
  }

  /** In this process: all that are not the victim. */
  private void startOtherSites() throws Exception {
    for (SiteId site : ConsortiumOnDisk.sites()) {
      if (victim == Victim.COORDINATOR || !site.equals(ConsortiumOnDisk.victim())) {
        sites.add(
            LocalSite.start(
                consortium.siteConfig(site), new Told(word -> told.add(site + " " + word))));
      }
    }
  }

  private static void requireKilledAt(String point, ProgramUnderTest program) {
    List<String> reached = program.said("reached");
    if (program.exitCode() != ProgramUnderTest.KILLED
        || !(point.equals(Failpoints.FIRST) || reached.contains(point))) {
      throw new AssertionError(
          "instead of being killed at \"%s\" it ended with %d after %s"
              .formatted(point, program.exitCode(), reached));
    }
  }

  /** Submits the job, or looks at it now and then; empty while it has not ended. */
  private Optional<JobSummary> look(ProgramUnderTest running) throws Exception {
    boolean serving = victim == Victim.SITE || !running.said("listening").isEmpty();
    if (!serving || Instant.now().isBefore(nextLook)) {
      return Optional.empty();
    }
    nextLook = Instant.now().plus(BETWEEN_LOOKS);
    try {
      if (!submitted) {
        var _ =
            client()
                .submit(
                    new SubmitPart.Manifest(submission.manifest()),
                    submission.initialModel(),
                    CALL_LIMIT);
        submitted = true;
      }
      return Optional.of(client().job(ConsortiumOnDisk.JOB, CALL_LIMIT))
          .filter(job -> job.state().ended());
    } catch (CoordinatorException e) {
      disconnect();
      return Optional.empty(); // it is away, or being killed
    }
  }

  private JobClient client() throws Exception {
    CoordinatorChannel open = channel;
    if (open == null) {
      ResearcherConfig researcher = ResearcherConfigFile.read(consortium.researcherConfig());
      open = CoordinatorChannel.open(researcher.coordinator(), researcher.tls());
      channel = open;
    }
    return new JobClient(open.channel());
  }

  private void disconnect() {
    CoordinatorChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }

  private List<JobEventEntry> history() throws Exception {
    while (true) {
      List<JobEventEntry> history = new ArrayList<>();
      try {
        client().watch(new WatchRequest(ConsortiumOnDisk.JOB, 1), CALL_LIMIT, history::add);
        return history;
      } catch (CoordinatorException e) {
        disconnect(); // it is being started again
        if (Instant.now().isAfter(limit)) {
          throw e;
        }
        Thread.sleep(POLL_MILLIS);
      }
    }
  }

  private boolean everySiteHeardOfTheEnd() {
    return told().stream().filter(line -> line.contains(" " + Told.ENDED)).distinct().count()
        == ConsortiumOnDisk.sites().size();
  }

  private List<String> told() {
    List<String> all = new ArrayList<>(told);
    if (victim == Victim.SITE) {
      for (ProgramUnderTest program : programs) {
        program.said("told").forEach(word -> all.add(ConsortiumOnDisk.victim() + " " + word));
      }
    }
    return all;
  }

  private void endSites() {
    sites.forEach(LocalSite::close);
    sites.clear();
  }

  /** After a start every program has tidied up what it may have left behind; all end here. */
  private JobSummary startAllAgain(ProgramUnderTest running) throws Exception {
    running.kill();
    disconnect();
    CoordinatorMain.Running serving = coordinator;
    if (serving != null) {
      serving.close();
      coordinator = CoordinatorMain.start(ConfigReader.read(consortium.coordinatorConfig()));
    }
    long connections = connections();
    ProgramUnderTest program = start("");
    startOtherSites();
    Optional<JobSummary> summary = Optional.empty();
    while (summary.isEmpty() || connections() < connections + ConsortiumOnDisk.sites().size()) {
      if (Instant.now().isAfter(limit) || program.ended()) {
        throw new AssertionError("not all programs start again: " + told());
      }
      if (summary.isEmpty()) {
        summary = look(program);
      }
      Thread.sleep(POLL_MILLIS);
    }
    endSites();
    program.kill();
    return summary.get();
  }

  private long connections() {
    return told().stream().filter(line -> line.endsWith(" " + Told.CONNECTED)).count();
  }

  private Outcome outcome(
      JobSummary summary, List<JobEventEntry> history, List<ProgramUnderTest> lives)
      throws IOException {
    if (summary.state() != JobState.COMPLETED) {
      throw new AssertionError(summary);
    }
    List<Integer> counted = new ArrayList<>();
    for (JobEventEntry entry : history) {
      if (entry.event() instanceof JobEventValue.RoundPublished published) {
        counted.add(published.countedSites());
      }
    }
    Set<String> reached = new LinkedHashSet<>();
    List<String> taken = new ArrayList<>();
    for (ProgramUnderTest program : lives) {
      reached.addAll(program.said("reached"));
      taken.addAll(program.said("took"));
    }
    return new Outcome(summary.modelHash(), counted, told(), taken, reached, files());
  }

  private Map<String, Integer> files() throws IOException {
    Map<String, Integer> files = new TreeMap<>();
    if (victim == Victim.COORDINATOR) { // in this process its library is where another run put it
      Path data = ConsortiumOnDisk.data(consortium.coordinatorConfig());
      count("coordinator ", data, new CoordinatorPlaces(data)::of, files);
    }
    for (SiteId site : ConsortiumOnDisk.sites()) {
      Path state = ConsortiumOnDisk.state(consortium.siteConfig(site));
      count(site + " ", state, new SitePlaces(state)::of, files);
    }
    return files;
  }

  private static void count(
      String owner, Path directory, Function<Path, String> places, Map<String, Integer> files)
      throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      all.map(places)
          // Its log and index are there while it is open, or was when the program was killed.
          .filter(place -> !place.equals("database"))
          .forEach(place -> files.merge(owner + place, 1, Integer::sum));
    }
  }

  @Override
  public void close() {
    endSites();
    disconnect();
    for (ProgramUnderTest program : programs) {
      program.close();
    }
    CoordinatorMain.Running serving = coordinator;
    if (serving != null) {
      serving.close();
    }
  }
}
