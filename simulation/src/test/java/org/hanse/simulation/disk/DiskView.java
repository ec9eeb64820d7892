package org.hanse.simulation.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.hanse.simulation.disk.DiskFaults.Operation;
import org.hanse.simulation.world.SimulatedProcess;

/**
 * A disk as one process sees it.
 *
 * @param disk of its machine
 * @param process that must not touch it any more once it was killed
 */
public record DiskView(Disk disk, SimulatedProcess process) {
  /** The root of the process's file system. */
  public Path root() {
    return new SimulatedFileSystem(this).root();
  }

  void begin(Operation operation, Path path) throws IOException {
    if (!process.alive()) {
      throw new IOException("the process is dead");
    }
    Duration takes = disk.faults().before(process, operation, path.toString());
    if (takes.isPositive()) {
      process.stall(takes); // its other threads too: the coarsest of slow disks
    }
  }
}
