package org.hanse.simulation.world;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The calendar clock of one machine, which somebody may set. */
public final class MachineTime implements InstantSource {
  private final World world;
  private Duration offset = Duration.ZERO;

  public MachineTime(World world) {
    this.world = world;
  }

  /** Sets the clock forward, or back. */
  public void step(Duration by) {
    offset = offset.plus(by);
  }

  @Override
  public Instant instant() {
    return World.EPOCH.plusNanos(world.nanos()).plus(offset);
  }

  /** A clock that starts with this one and that nobody sets. */
  public InstantSource monotonic() {
    Instant start = instant();
    long startNanos = world.nanos();
    return () -> start.plusNanos(world.nanos() - startNanos);
  }
}
