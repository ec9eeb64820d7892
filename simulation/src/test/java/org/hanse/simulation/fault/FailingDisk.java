package org.hanse.simulation.fault;

import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import org.hanse.simulation.disk.DiskFaults;
import org.hanse.simulation.world.SimulatedProcess;
import org.hanse.simulation.world.World;

/** A disk that does what a plan says. */
final class FailingDisk implements DiskFaults {
  private static final int MOST_SLOW_MILLIS = 3_000;

  private final World world;
  private final SplittableRandom random;
  private long fullUntilNanos;
  private long failingUntilNanos;
  private long slowUntilNanos;
  private int operationsLeft;
  private Runnable onLast = () -> {};

  FailingDisk(World world) {
    this.world = world;
    this.random = world.random();
  }

  void full(Duration time) {
    fullUntilNanos = world.nanos() + time.toNanos();
  }

  void failing(Duration time) {
    failingUntilNanos = world.nanos() + time.toNanos();
  }

  void slow(Duration time) {
    slowUntilNanos = world.nanos() + time.toNanos();
  }

  /** Before the operation that comes so many operations from now, its process dies. */
  void dieAt(int operations, Runnable death) {
    operationsLeft = operations;
    onLast = death;
  }

  @Override
  public Duration before(SimulatedProcess process, Operation operation, String path)
      throws IOException {
    if (operation == Operation.OPEN) {
      return Duration.ZERO;
    }
    if (operation == Operation.READ) {
      failNowAndThen(process, operation);
      return Duration.ZERO;
    }
    if (operationsLeft > 0 && --operationsLeft == 0) {
      world.note(process.name() + " dies in " + operation);
      onLast.run();
      process.killHere();
    }
    failNowAndThen(process, operation);
    if (world.nanos() < fullUntilNanos && operation == Operation.WRITE) {
      throw new IOException("No space left on device");
    }
    return world.nanos() < slowUntilNanos
        ? Duration.ofMillis(1 + random.nextInt(MOST_SLOW_MILLIS))
        : Duration.ZERO;
  }

  private void failNowAndThen(SimulatedProcess process, Operation operation) throws IOException {
    if (world.nanos() < failingUntilNanos && random.nextInt(4) == 0) {
      world.note(process.name() + " cannot " + operation);
      throw new IOException("Input/output error");
    }
  }
}
