package org.hanse.simulation.fault;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.hanse.coordinator.storage.StorageException;
import org.hanse.simulation.consortium.Consortium;
import org.hanse.simulation.consortium.Facts;
import org.hanse.simulation.consortium.SimulatedCoordinator;
import org.hanse.simulation.consortium.SimulatedSite;
import org.hanse.simulation.link.grpc.Conditions;
import org.hanse.simulation.link.grpc.Link.Direction;
import org.hanse.simulation.world.SimulatedProcess;
import org.hanse.simulation.world.World;
import org.jspecify.annotations.Nullable;

/** Makes a plan's faults happen. */
public final class Injector {
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration FLAP = Duration.ofMillis(700);

  private final Consortium consortium;
  private final World world;
  private final Facts facts;
  private final Map<String, FailingDisk> disks = new HashMap<>();

  public Injector(Consortium consortium, Facts facts) {
    this.consortium = consortium;
    this.world = consortium.world();
    this.facts = facts;
    FailingDisk ofCoordinator = new FailingDisk(world);
    consortium.coordinator().disk().setFaults(ofCoordinator);
    disks.put(Fault.COORDINATOR, ofCoordinator);
    for (int i = 0; i < consortium.sites().size(); i++) {
      FailingDisk ofSite = new FailingDisk(world);
      consortium.sites().get(i).disk().setFaults(ofSite);
      disks.put("site-" + i, ofSite);
    }
  }

  /** Puts all of them on the world's calendar. */
  public void schedule(FaultPlan plan) {
    for (Fault fault : plan.faults()) {
      world.after(
          Duration.ofMillis(fault.atMillis()),
          () -> {
            world.note("FAULT " + fault);
            if (fault.site().isEmpty()) {
              hit(consortium.coordinator(), fault);
            } else if (fault.site().getAsInt() < consortium.sites().size()) {
              hit(consortium.sites().get(fault.site().getAsInt()), fault);
            }
          });
    }
  }

  private static Duration time(Fault fault) {
    return Duration.ofMillis(fault.forMillis());
  }

  private FailingDisk disk(Fault fault) {
    FailingDisk disk = disks.get(fault.target());
    if (disk == null) {
      throw new IllegalArgumentException("no disk of " + fault.target());
    }
    return disk;
  }

  private void hit(SimulatedCoordinator coordinator, Fault fault) {
    Duration time = time(fault);
    switch (fault.kind()) {
      case KILL -> coordinator.kill(time);
      case KILL_AT_DISK_OPERATION -> disk(fault).dieAt(fault.count(), () -> coordinator.kill(time));
      case KILL_AT_ANSWER ->
          consortium.front().dieAtAnswer(fault.count(), () -> coordinator.kill(time));
      case POWER_CUT -> coordinator.losePower(time);
      case POWER_CUT_AT_DISK_OPERATION ->
          disk(fault).dieAt(fault.count(), () -> coordinator.losePower(time));
      case STOP -> coordinator.stop(time);
      case PAUSE -> pause(coordinator.process(), time);
      case DISK_FULL -> disk(fault).full(time);
      case IO_ERROR -> disk(fault).failing(time);
      case SLOW_DISK -> disk(fault).slow(time);
      case BIT_FLIP -> {
        if (coordinator.disk().flipBit(path -> true)) {
          facts.coordinatorDamaged();
        }
      }
      case CLOCK_FORWARD -> coordinator.time().step(DAY);
      case CLOCK_BACK -> coordinator.time().step(DAY.negated());
      case DATABASE_LOCKED -> coordinator.database().fail(StorageException.Code.LOCKED, time);
      case DATABASE_FULL -> coordinator.database().fail(StorageException.Code.FULL, time);
      case KILL_BEFORE_COMMIT -> coordinator.database().killAtCommit(fault.count(), false);
      case KILL_AFTER_COMMIT -> coordinator.database().killAtCommit(fault.count(), true);
      case KILL_IN_RECOVERY -> {
        coordinator.kill(Duration.ofSeconds(1));
        disk(fault).dieAt(1 + fault.count() % 6, () -> coordinator.kill(time));
      }
      default -> throw new IllegalArgumentException(fault + " is no coordinator's");
    }
  }

  private void hit(SimulatedSite site, Fault fault) {
    Duration time = time(fault);
    switch (fault.kind()) {
      case KILL -> site.kill(time);
      case KILL_AT_DISK_OPERATION -> disk(fault).dieAt(fault.count(), () -> site.kill(time));
      case KILL_AT_ANSWER -> site.link().dieAtAnswer(fault.count(), () -> site.kill(time));
      case POWER_CUT -> site.losePower(time);
      case POWER_CUT_AT_DISK_OPERATION ->
          disk(fault).dieAt(fault.count(), () -> site.losePower(time));
      case STOP -> site.stop(time);
      case PAUSE -> pause(site.process(), time);
      case DISK_FULL -> disk(fault).full(time);
      case IO_ERROR -> disk(fault).failing(time);
      case SLOW_DISK -> disk(fault).slow(time);
      case BIT_FLIP -> {
        if (site.disk().flipBit(path -> true)) {
          facts.damaged(site.id());
        }
      }
      case CLOCK_FORWARD -> site.time().step(DAY);
      case CLOCK_BACK -> site.time().step(DAY.negated());
      case TRAINER_CRASH -> site.spoilTraining("CRASH");
      case TRAINER_HANG -> site.spoilTraining("HANG");
      case TRAINER_NOT_FINITE -> site.spoilTraining("NOT_FINITE");
      case TRAINER_NO_RESULT -> site.spoilTraining("NO_RESULT");
      case TRAINER_KILL -> site.spoilTraining("KILL");
      case CERTIFICATE_END -> {
        site.endCertificate(site.time().instant().plus(time));
        site.kill(Duration.ofMillis(100));
      }
      default -> hitLink(site, fault);
    }
  }

  private void hitLink(SimulatedSite site, Fault fault) {
    Duration time = time(fault);
    Duration usual = Conditions.GOOD.slowest();
    switch (fault.kind()) {
      case LOST_CALLS -> worsen(site, new Conditions(usual, 0.2, 0, 0, 0), time);
      case SWALLOWED_CALLS -> worsen(site, new Conditions(usual, 0, 0.2, 0, 0), time);
      case SLOW_NETWORK -> worsen(site, new Conditions(Duration.ofSeconds(8), 0, 0, 0, 0), time);
      case REPEATED_CALLS -> worsen(site, new Conditions(usual, 0, 0, 0.5, 0), time);
      case CUT_STREAMS -> worsen(site, new Conditions(usual, 0, 0, 0, 0.8), time);
      case PARTITION -> {
        site.link().cut(Direction.TO_COORDINATOR, time);
        site.link().cut(Direction.TO_SITE, time);
      }
      case PARTITION_TO_COORDINATOR -> site.link().cut(Direction.TO_COORDINATOR, time);
      case PARTITION_TO_SITE -> site.link().cut(Direction.TO_SITE, time);
      case FLAPPING -> flap(site, world.nanos() + time.toNanos());
      default -> throw new IllegalArgumentException(fault + " is no site's");
    }
  }

  private void worsen(SimulatedSite site, Conditions conditions, Duration time) {
    site.link().setConditions(conditions);
    world.after(time, () -> site.link().setConditions(Conditions.GOOD));
  }

  private void flap(SimulatedSite site, long untilNanos) {
    site.link().reset();
    if (world.nanos() < untilNanos) {
      world.after(FLAP, () -> flap(site, untilNanos));
    }
  }

  private static void pause(@Nullable SimulatedProcess process, Duration time) {
    if (process != null && process.alive()) {
      process.pause();
      process.world().after(time, process::resume);
    }
  }
}
