package org.hanse.client.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.hanse.client.policy.SitePolicy;
import org.hanse.client.storage.ModelStore;
import org.hanse.client.storage.ResultFiles;
import org.hanse.client.storage.SiteJournal;
import org.hanse.client.storage.SiteKeys;
import org.hanse.client.storage.StateDirectory;
import org.hanse.client.storage.UpdateStore;
import org.hanse.client.trainer.DatasetFile;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Bytes;
import org.jspecify.annotations.Nullable;

/** The agent of site 0 on one state directory, started as often as a test likes. */
final class AgentFixture {
  /** Nothing here takes longer unless it hangs. */
  private static final long PATIENCE_MILLIS = 30_000;

  private static final AtomicInteger ENTROPY = new AtomicInteger();

  final TestJob job;
  final FakeConsortium consortium;
  final FakeTrainer trainer = new FakeTrainer();
  final RecordedEvents events = new RecordedEvents();
  final AtomicReference<SitePolicy> policy;
  private final Path stateDirectory;
  private final List<Running> started = new ArrayList<>();

  /** What every secret of the agent's attempts was made of. */
  final List<byte[]> entropies = new CopyOnWriteArrayList<>();

  AgentFixture(TestJob job, Path stateDirectory) {
    this.job = job;
    this.consortium = new FakeConsortium(job);
    this.stateDirectory = stateDirectory;
    this.policy =
        new AtomicReference<>(
            new SitePolicy(4, 10, Set.of(), false, Set.of(), Set.of(job.planHash())));
  }

  Path stateDirectory() {
    return stateDirectory;
  }

  /** What the steward allows now. */
  SitePolicy policy() {
    return Objects.requireNonNull(policy.get());
  }

  /** An agent that runs on a thread of its own. */
  final class Running {
    private final SiteAgent agent;
    private final Thread thread;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private Running(Coordinator coordinator) throws IOException {
      StateDirectory state = StateDirectory.open(stateDirectory);
      SiteJournal journal = SiteJournal.open(stateDirectory.resolve("journal"));
      SiteStores stores =
          new SiteStores(
              journal,
              new UpdateStore(state.subdirectory("updates")),
              new ModelStore(state.subdirectory("models")),
              new ResultFiles(state.subdirectory("results")));
      Site site =
          new Site(
              TestJob.site(0),
              new SiteKeys(job.key(0), Bytes.of((byte) 1), TestJob.siteSecret(0)),
              AgentFixture.this::policy,
              Map.of(TestJob.CONTRACT, new DatasetFile(DatasetFile.CSV, Path.of("table.csv"))));
      agent =
          new SiteAgent(
              site,
              stores,
              new AgentPorts(
                  coordinator,
                  (certificates, members) -> FakeConsortium.readKeys(certificates),
                  trainer,
                  events,
                  this::entropy,
                  new SplittableRandom(3),
                  new SystemThreads(),
                  new SplittableRandom(4)));
      thread =
          Thread.ofPlatform()
              .start(() -> {
                try (state;
                    journal) {
                  agent.run();
                } catch (Exception | Error e) {
                  failure.set(e);
                }
              });
    }

    private SecretBytes entropy() {
      SecretBytes fresh = TestJob.secret("agent entropy " + ENTROPY.incrementAndGet());
      entropies.add(fresh.toByteArray());
      return fresh;
    }

    void drain() {
      agent.drain();
    }

    /** How {@code run} ended, once it has; empty if it was stopped. */
    Optional<Throwable> awaitEnd() throws InterruptedException {
      thread.join(PATIENCE_MILLIS);
      if (thread.isAlive()) {
        throw new AssertionError("the agent still runs; events " + events.lines);
      }
      return Optional.ofNullable(failure.get());
    }

    boolean isAlive() {
      return thread.isAlive();
    }

    void stop() throws InterruptedException {
      agent.stop();
      var _ = awaitEnd();
    }
  }

  Running start() throws IOException {
    return start(FakeConnection.Faults.NONE);
  }

  Running start(FakeConnection.Faults faults) throws IOException {
    return start(new FakeConnection(consortium, faults));
  }

  /** The agent of another coordinator than this fixture's. */
  Running start(Coordinator coordinator) throws IOException {
    Running running = new Running(coordinator);
    started.add(running);
    return running;
  }

  void stopAll() throws InterruptedException {
    for (Running running : started) {
      running.stop();
    }
  }

  /** Waits until the job is over for the consortium and the agent knows. */
  void awaitJobEnd() throws InterruptedException {
    await("end of the job", () -> !events.starting("job-ended").isEmpty());
  }

  void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (!condition.getAsBoolean()) {
      for (Running running : started) {
        Throwable cause = running.failure.get();
        if (cause != null && !(cause instanceof SimulatedCrash)) {
          throw new AssertionError("no " + what + ": the agent failed", cause);
        }
      }
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "no " + what + "; stage " + consortium.stage() + ", events " + events.lines);
      }
      Thread.sleep(5);
    }
  }
}
