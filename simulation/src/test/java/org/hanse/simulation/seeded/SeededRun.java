package org.hanse.simulation.seeded;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.hanse.coordinator.storage.StoredJob;
import org.hanse.core.plan.SiteId;
import org.hanse.simulation.consortium.Charter;
import org.hanse.simulation.consortium.Consortium;
import org.hanse.simulation.consortium.Facts;
import org.hanse.simulation.consortium.SimulatedSite;
import org.hanse.simulation.fault.FaultPlan;
import org.hanse.simulation.fault.Injector;
import org.hanse.simulation.invariant.Invariants;
import org.hanse.simulation.world.World;
import org.hanse.wire.value.JobState;

/** One job, from submission to its end, by one seed. For one thread. */
public final class SeededRun {
  /** Far more than any job needs once nothing goes wrong any more. */
  private static final Duration PATIENCE = Duration.ofHours(3);

  private static final long MOST_STEPS = 3_000_000;

  private final long seed;
  private final World world;
  private final FaultPlan plan;
  private final Consortium consortium;
  private final Invariants invariants;
  private final Set<SiteId> informed = new HashSet<>();

  /**
   * How a run ended.
   *
   * @param state of the job
   * @param trace the last lines of it
   */
  public record Outcome(
      long seed,
      FaultPlan plan,
      Optional<World.Defect> defect,
      Optional<JobState> state,
      String traceHash,
      List<String> trace,
      long steps,
      long publishedRounds) {
    /** The trace of a run that went well is of no interest. */
    Outcome withoutTrace() {
      return defect.isPresent()
          ? this
          : new Outcome(seed, plan, defect, state, traceHash, List.of(), steps, publishedRounds);
    }

    /** Whether something from outside of the world broke in. */
    boolean disturbed() {
      return defect.filter(found -> found.rule().equals(World.ORDER)).isPresent();
    }

    Outcome violating(World.Defect found) {
      return new Outcome(
          seed, plan, Optional.of(found), state, traceHash, trace, steps, publishedRounds);
    }
  }

  private SeededRun(long seed, Optional<FaultPlan> given, int pauses) {
    this.seed = seed;
    SplittableRandom random = new SplittableRandom(seed);
    Charter.Shape shape = shape(random);
    FaultPlan drawn = FaultPlan.random(random.split(), shape.members());
    this.plan = given.orElse(drawn);
    this.world = new World(random.nextLong());
    Charter charter = Charter.of(shape);
    this.invariants = new Invariants(world, charter, plan);
    Facts facts = invariants.facts();
    this.consortium = new Consortium(world, charter, facts, pauses);
    invariants.watch(consortium.coordinator().store());
    new Injector(consortium, facts).schedule(plan);
  }

  /** Four or five sites and two rounds, now and then more. */
  private static Charter.Shape shape(SplittableRandom random) {
    int drawn = random.nextInt(8);
    return new Charter.Shape(drawn < 5 ? 4 : drawn < 7 ? 5 : 6, random.nextInt(4) == 0 ? 3 : 2);
  }

  /** Runs the seed with the faults that it draws. */
  public static Outcome of(long seed) {
    return new SeededRun(seed, Optional.empty(), 0).run();
  }

  /** Runs the seed with these faults in place of those that it draws. */
  public static Outcome of(long seed, FaultPlan plan) {
    return new SeededRun(seed, Optional.of(plan), 0).run();
  }

  /** Runs the seed while the researcher pauses the job so often and resumes it each time. */
  static Outcome pausing(long seed, Optional<FaultPlan> plan, int pauses) {
    return new SeededRun(seed, plan, pauses).run();
  }

  private Outcome run() {
    consortium.start();
    long endNanos = Duration.ofMillis(plan.endMillis()).plus(PATIENCE).toNanos();
    Optional<StoredJob> job = Optional.empty();
    while (world.defect() == null) {
      if (!world.step()) {
        world.fail("every job ends", "nothing will ever happen", null);
      }
      if (invariants.jobOver()) {
        informed.addAll(invariants.informed());
        if (everybodyKnows()) {
          break;
        }
      }
      if (world.nanos() > endNanos || world.steps() > MOST_STEPS) {
        world.fail("every job ends", "after %d s".formatted(world.nanos() / 1_000_000_000), null);
      }
    }
    try {
      job = consortium.coordinator().store().job(consortium.charter().id());
    } catch (IOException e) {
      world.fail("no defect", "the store cannot be read", e);
    }
    if (world.defect() == null) {
      invariants.atTheEnd(plan);
    }
    return new Outcome(
        seed,
        plan,
        Optional.ofNullable(world.defect()),
        job.map(stored -> stored.standing().state()),
        world.trace().hash(),
        world.trace().lastLines(),
        world.steps(),
        job.map(stored -> stored.progress().publishedRounds()).orElse(0L));
  }

  private boolean everybodyKnows() {
    for (SimulatedSite site : consortium.sites()) {
      if (!site.beyondRepair() && !informed.contains(site.id())) {
        return false;
      }
    }
    return true;
  }
}
