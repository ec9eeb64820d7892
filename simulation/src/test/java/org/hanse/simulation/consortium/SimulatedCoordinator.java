package org.hanse.simulation.consortium;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import org.hanse.coordinator.authority.ConsortiumAuthority;
import org.hanse.coordinator.authority.SigningCertificates;
import org.hanse.coordinator.engine.JobInput;
import org.hanse.coordinator.engine.JobParts;
import org.hanse.coordinator.engine.Jobs;
import org.hanse.coordinator.engine.Retention;
import org.hanse.coordinator.engine.TurnDesk;
import org.hanse.coordinator.engine.WorkBoard;
import org.hanse.coordinator.grpc.ServiceParts;
import org.hanse.coordinator.grpc.SiteServices;
import org.hanse.coordinator.grpc.guard.RecoveryGate;
import org.hanse.coordinator.job.CallRegister;
import org.hanse.coordinator.round.RoundPlan.Patience;
import org.hanse.coordinator.storage.JobStore;
import org.hanse.coordinator.storage.Staging;
import org.hanse.coordinator.storage.StoredSite;
import org.hanse.coordinator.testing.InMemoryJobStore;
import org.hanse.coordinator.testing.InMemorySiteStore;
import org.hanse.simulation.consortium.ObservedStore.StoreFaults;
import org.hanse.simulation.disk.Disk;
import org.hanse.simulation.disk.DiskView;
import org.hanse.simulation.link.grpc.Front;
import org.hanse.simulation.world.CoordinatorThreads;
import org.hanse.simulation.world.MachineTime;
import org.hanse.simulation.world.SimulatedProcess;
import org.hanse.simulation.world.World;
import org.hanse.wire.value.JobOrder;
import org.jspecify.annotations.Nullable;

/** The coordinator's machine: its process, started again whenever it ends. */
public final class SimulatedCoordinator {
  private static final Duration RESTART = Duration.ofSeconds(5);
  private static final int ROUNDS_PER_SITE = 4;

  /** Nobody resumes a job here. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  private static final Duration POLL = Duration.ofSeconds(10);

  /** How long its sites may be without a call. */
  public static final Patience PATIENCE =
      new Patience(Duration.ofSeconds(30), Duration.ofSeconds(10));

  private final World world;
  private final Charter charter;
  private final Front front;
  private final Facts facts;
  private final Disk disk;
  private final MachineTime time;
  private final InMemorySiteStore sites = new InMemorySiteStore();
  private final InMemoryJobStore store = new InMemoryJobStore();
  private final DatabaseFaults databaseFaults;
  private @Nullable SimulatedProcess process;
  private @Nullable Jobs jobs;
  private boolean off;
  private long awayUntilNanos;
  private boolean submitted;

  public SimulatedCoordinator(World world, Charter charter, Front front, Facts facts) {
    this.world = world;
    this.charter = charter;
    this.front = front;
    this.facts = facts;
    this.disk = new Disk(world.random());
    this.time = new MachineTime(world);
    this.databaseFaults = new DatabaseFaults(world);
  }

  public Disk disk() {
    return disk;
  }

  public MachineTime time() {
    return time;
  }

  public DatabaseFaults database() {
    return databaseFaults;
  }

  /** What its database holds, whoever runs. */
  public JobStore store() {
    return store;
  }

  public @Nullable SimulatedProcess process() {
    return process;
  }

  public void start() {
    if (off || world.nanos() < awayUntilNanos || (process != null && process.alive())) {
      return;
    }
    SimulatedProcess started = new SimulatedProcess(world, "coordinator");
    process = started;
    started.atDeath(() -> world.after(RESTART, this::start));
    world.note("coordinator starts");
    started.start("main", () -> run(started));
  }

  /** Kill -9. */
  public void kill(Duration awayFor) {
    SimulatedProcess running = process;
    if (running != null && running.alive()) {
      world.note("coordinator is killed");
      running.kill();
    }
    stayAway(awayFor);
  }

  private void stayAway(Duration time) {
    awayUntilNanos = Math.max(awayUntilNanos, world.nanos() + time.toNanos());
    world.after(time, this::start);
  }

  /** The machine loses its power; what its database has committed is on the disk. */
  public void losePower(Duration awayFor) {
    kill(awayFor);
    disk.losePower();
  }

  /** SIGTERM. */
  public void stop(Duration awayFor) {
    SimulatedProcess running = process;
    Jobs stopped = jobs;
    if (running == null || stopped == null || !running.alive()) {
      return;
    }
    off = true;
    running.start(
        "shutdown",
        () -> {
          stopped.close();
          world.note("coordinator has stopped");
          running.kill();
          world.after(
              awayFor,
              () -> {
                off = false;
                start();
              });
        });
  }

  private void run(SimulatedProcess self) {
    try {
      serve(self);
      return;
    } catch (IOException e) {
      world.note("coordinator cannot start: " + e.getMessage());
    } catch (InterruptedException e) {
      world.note("coordinator was interrupted");
    }
    self.kill();
  }

  private void serve(SimulatedProcess self) throws IOException, InterruptedException {
    InstantSource clock = time.monotonic();
    CoordinatorThreads threads = CoordinatorThreads.of(self, clock);
    Path data = dataDirectory(self);
    Staging.discardAll(data);
    ObservedStore observed = new ObservedStore(store, self, faults(self), facts);
    WorkBoard board = new WorkBoard();
    CallRegister register = new CallRegister(clock);
    Jobs made =
        new Jobs(
            data,
            charter.coordinatorKey(),
            new JobParts.Shared(
                observed,
                clock,
                threads,
                threads,
                board,
                register,
                new TurnDesk(ROUNDS_PER_SITE),
                new JobParts.Rules(PATIENCE, Retention.LAST_ROUND, LONGEST_PAUSE)));
    jobs = made;
    ServiceParts parts =
        new ServiceParts(
            new ServiceParts.Who(
                Charter.AUTHORITY.trusted(),
                signers(clock),
                sites,
                charter.coordinatorKey().fingerprint()),
            made,
            board,
            new ServiceParts.When(clock, threads, POLL),
            self);
    RecoveryGate gate = new RecoveryGate();
    front.listen(
        self,
        SiteServices.of(
            parts,
            register,
            gate,
            (method, cause) -> world.fail("no defect", method + " failed: " + cause, cause)));
    made.recover();
    gate.open();
    world.note("coordinator serves");
    submit(made);
  }

  /** What a researcher wants of the job; lost if nobody serves. */
  void order(JobInput.Command command) {
    SimulatedProcess running = process;
    Jobs served = jobs;
    if (running == null || served == null || !running.alive()) {
      return;
    }
    running.start(
        "order",
        () ->
            served
                .find(charter.id())
                .ifPresent(job -> {
                  world.note("the researcher says " + command);
                  var _ = job.order(command, new JobOrder("researcher", ""));
                }));
  }

  private Path dataDirectory(SimulatedProcess self) throws IOException {
    Path root = new DiskView(disk, self).root();
    Path data = root.resolve("data");
    if (!Files.exists(data)) {
      Files.createDirectory(data);
      try (FileChannel names = FileChannel.open(root, StandardOpenOption.READ)) {
        names.force(true);
      }
    }
    return data;
  }

  private SigningCertificates signers(InstantSource clock) {
    SigningCertificates signers = new SigningCertificates();
    for (StoredSite known : sites.all()) {
      if (Charter.AUTHORITY
              .trusted()
              .checkSigning(known.certificateDer().toByteArray(), known.site(), clock.instant())
          instanceof ConsortiumAuthority.SigningCheck.Accepted accepted) {
        signers.register(known.site(), accepted.key());
      }
    }
    return signers;
  }

  /** The researcher's part, until it has been answered. */
  private void submit(Jobs running) throws IOException {
    if (submitted) {
      return;
    }
    if (running.inquire(charter.description()) == Jobs.Admission.CREATED) {
      try (Staging staged = running.stage(charter.description())) {
        staged.model().write(0, charter.initialModel().segment().toArray(ValueLayout.JAVA_BYTE));
        running.admit(charter.description(), staged);
      }
    }
    submitted = true;
    world.note("the job is submitted");
  }

  private StoreFaults faults(SimulatedProcess self) {
    return new StoreFaults() {
      @Override
      public void before() throws IOException {
        databaseFaults.before();
      }

      @Override
      public void beforeCommit() {
        if (databaseFaults.killsBeforeCommit()) {
          dieHere(self);
        }
      }

      @Override
      public void afterCommit() {
        if (databaseFaults.killsAfterCommit()) {
          dieHere(self);
        }
      }
    };
  }

  private void dieHere(SimulatedProcess self) {
    world.note("coordinator is killed in a transaction");
    self.killHere();
  }
}
