package org.hanse.simulation.consortium;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.hanse.client.agent.AgentEvents;
import org.hanse.client.agent.AgentPorts;
import org.hanse.client.agent.CoordinatorException;
import org.hanse.client.agent.Site;
import org.hanse.client.agent.SiteAgent;
import org.hanse.client.agent.SiteStores;
import org.hanse.client.grpc.SiteClient;
import org.hanse.client.storage.ModelStore;
import org.hanse.client.storage.ResultFiles;
import org.hanse.client.storage.SiteJournal;
import org.hanse.client.storage.StateDirectory;
import org.hanse.client.storage.UpdateStore;
import org.hanse.client.trainer.DatasetFile;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.simulation.disk.Disk;
import org.hanse.simulation.disk.DiskView;
import org.hanse.simulation.link.grpc.CallTimeLimits;
import org.hanse.simulation.link.grpc.Front;
import org.hanse.simulation.link.grpc.Link;
import org.hanse.simulation.world.MachineTime;
import org.hanse.simulation.world.SimulatedProcess;
import org.hanse.simulation.world.SiteThreads;
import org.hanse.simulation.world.World;
import org.hanse.wire.value.JobState;
import org.jspecify.annotations.Nullable;

/** A site's machine: its agent, started again whenever it ends. */
public final class SimulatedSite {
  private static final Duration RESTART = Duration.ofSeconds(5);

  private final World world;
  private final Charter charter;
  private final SiteId id;
  private final Facts facts;
  private final Disk disk;
  private final MachineTime time;
  private final Link link;
  private final SplittableRandom random;
  private final SimulatedTrainer.Mishaps mishaps = new SimulatedTrainer.Mishaps();
  private Optional<Instant> certificateEnds = Optional.empty();
  private @Nullable SimulatedProcess process;
  private @Nullable SiteAgent agent;
  private boolean off;
  private long awayUntilNanos;
  private boolean beyondRepair;

  public SimulatedSite(World world, Charter charter, SiteId id, Front front, Facts facts) {
    this.world = world;
    this.charter = charter;
    this.id = id;
    this.facts = facts;
    this.random = world.random();
    this.disk = new Disk(world.random());
    this.time = new MachineTime(world);
    this.link = new Link(world, id, front);
  }

  public SiteId id() {
    return id;
  }

  public Disk disk() {
    return disk;
  }

  public Link link() {
    return link;
  }

  public MachineTime time() {
    return time;
  }

  /** The next training goes wrong. */
  public void spoilTraining(String mishap) {
    mishaps.add(SimulatedTrainer.Mishap.valueOf(mishap));
  }

  /** The site's certificate ends then; who starts the site again has a new one. */
  public void endCertificate(Instant notAfter) {
    certificateEnds = Optional.of(notAfter);
  }

  /** Whether its own journal is damaged, so that it must not take part any more. */
  public boolean beyondRepair() {
    return beyondRepair;
  }

  public @Nullable SimulatedProcess process() {
    return process;
  }

  public void start() {
    if (off
        || world.nanos() < awayUntilNanos
        || beyondRepair
        || (process != null && process.alive())) {
      return;
    }
    SimulatedProcess started = new SimulatedProcess(world, id.value());
    process = started;
    started.atDeath(() -> world.after(RESTART, this::start));
    world.note(id + " starts");
    started.start("main", () -> run(started));
  }

  /** Kill -9; it is started again after a while. */
  public void kill(Duration awayFor) {
    SimulatedProcess running = process;
    if (running != null && running.alive()) {
      world.note(id + " is killed");
      running.kill();
    }
    stayAway(awayFor);
  }

  private void stayAway(Duration time) {
    awayUntilNanos = Math.max(awayUntilNanos, world.nanos() + time.toNanos());
    world.after(time, this::start);
  }

  /** The machine loses its power. */
  public void losePower(Duration awayFor) {
    kill(awayFor);
    disk.losePower();
  }

  /** SIGTERM. */
  public void stop(Duration awayFor) {
    SiteAgent running = agent;
    if (running != null) {
      off = true;
      running.stop();
      world.after(
          awayFor,
          () -> {
            off = false;
            start();
          });
    }
  }

  private void run(SimulatedProcess self) {
    Path root = new DiskView(disk, self).root().resolve("state");
    try (StateDirectory state = StateDirectory.open(root)) {
      run(self, state);
    } catch (IOException | CoordinatorException e) {
      world.note(id + " ends: " + e.getClass().getSimpleName() + " " + e.getMessage());
      String why = String.valueOf(e.getMessage());
      if (why.contains("is damaged at byte")) {
        beyondRepair = true;
      }
      if (why.contains("signing-certificate-refused")) {
        certificateEnds = Optional.empty(); // its people have it renewed
      }
    }
    world.note(id + " has ended");
    self.kill();
  }

  private void run(SimulatedProcess self, StateDirectory state)
      throws IOException, CoordinatorException {
    try (SiteJournal journal = SiteJournal.open(state.root().resolve("journal"))) {
      CallTimeLimits limits = new CallTimeLimits();
      Site site =
          new Site(
              id,
              charter.keys(id, certificate()),
              charter::policy,
              Map.of("table", new DatasetFile(DatasetFile.CSV, state.root().resolve("none"))));
      SiteAgent made =
          new SiteAgent(
              site,
              new SiteStores(
                  journal,
                  new UpdateStore(state.subdirectory("updates")),
                  new ModelStore(state.subdirectory("models")),
                  new ResultFiles(state.subdirectory("results"))),
              new AgentPorts(
                  new ObservedCoordinator(
                      id, new SiteClient(link.connect(self, limits)), limits, facts),
                  Charter.AUTHORITY.roster(time),
                  new SimulatedTrainer(self, mishaps, random.split()),
                  new Told(),
                  this::entropy,
                  random.split(),
                  new SiteThreads(self, time),
                  random.split()));
      agent = made;
      made.run();
    }
  }

  private Bytes certificate() {
    return certificateEnds
        .filter(end -> end.isAfter(time.instant()))
        .map(end -> charter.certificate(id, end))
        .orElse(charter.certificate(id));
  }

  private SecretBytes entropy() {
    byte[] fresh = new byte[32];
    random.nextBytes(fresh);
    return SecretBytes.adopt(fresh);
  }

  /** What people at the site are told. */
  private final class Told implements AgentEvents {
    @Override
    public void connected(SiteId site) {
      world.note(id + " is connected");
    }

    @Override
    public void disconnected(String why) {
      world.note(id + " is disconnected");
    }

    @Override
    public void awaitingApproval(JobId job, Hash planHash) {
      world.note(id + " awaits approval");
    }

    @Override
    public void training(RoundId round) {
      world.note(id + " trains " + round);
      facts.training(id, round);
    }

    @Override
    public void trained(RoundId round, long exampleCount) {
      world.note(id + " has trained " + round);
      facts.trained(id, round);
    }

    @Override
    public void aggregating(RoundId round, int attempt) {
      world.note(id + " takes part in " + round + "/" + attempt);
    }

    @Override
    public void roundClosed(RoundId round, Hash modelHash) {
      world.note(id + " has closed " + round + " with " + modelHash);
      facts.roundClosed(id, round, modelHash);
    }

    @Override
    public void refused(RoundId round, String reason, String explanation) {
      world.note(id + " refuses in " + round + ": " + reason);
      facts.refused(id, round, reason);
    }

    @Override
    public void roundSpent(RoundId round, Optional<AbortReason> reason) {
      world.note(id + " has spent " + round);
      facts.roundSpent(id, round, reason);
    }

    @Override
    public void draining() {
      world.note(id + " is drained");
    }

    @Override
    public void jobPaused(JobId job, Optional<AbortReason> reason) {
      world.note(id + " hears that the job stands still");
    }

    @Override
    public void jobEnded(JobId job, JobState outcome, Optional<AbortReason> reason) {
      world.note(id + " hears that the job is " + outcome);
      facts.jobEnded(id, outcome);
    }
  }
}
