package org.hanse.simulation.consortium;

import java.time.Duration;
import org.hanse.coordinator.storage.StorageException;
import org.hanse.simulation.world.World;

/** What the coordinator's database will do. */
public final class DatabaseFaults {
  private final World world;
  private long failsUntilNanos;
  private StorageException.Code code = StorageException.Code.FAILED;
  private int killBefore;
  private int killAfter;

  DatabaseFaults(World world) {
    this.world = world;
  }

  /** Every transaction fails for some time. */
  public void fail(StorageException.Code with, Duration time) {
    code = with;
    failsUntilNanos = world.nanos() + time.toNanos();
  }

  /** The process dies at a commit: the one that many commits from now, the next is 1. */
  public void killAtCommit(int commits, boolean committed) {
    if (committed) {
      killAfter = commits;
    } else {
      killBefore = commits;
    }
  }

  void before() throws StorageException {
    if (world.nanos() < failsUntilNanos) {
      throw new StorageException(code, "simulated: " + code.text());
    }
  }

  boolean killsBeforeCommit() {
    return killBefore > 0 && --killBefore == 0;
  }

  boolean killsAfterCommit() {
    return killAfter > 0 && --killAfter == 0;
  }
}
