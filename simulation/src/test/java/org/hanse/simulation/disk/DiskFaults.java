package org.hanse.simulation.disk;

import java.io.IOException;
import java.time.Duration;
import org.hanse.simulation.world.SimulatedProcess;

/** What a disk does beside its work. Asked before every operation that touches it. */
public interface DiskFaults {
  DiskFaults NONE = (process, operation, path) -> Duration.ZERO;

  /** What a process does to a disk. */
  enum Operation {
    OPEN,
    READ,
    WRITE,
    SYNC,
    SYNC_NAMES,
    RENAME,
    DELETE
  }

  /**
   * Lets the operation happen, or not; may end the process that calls.
   *
   * @return how long it takes
   */
  Duration before(SimulatedProcess process, Operation operation, String path) throws IOException;
}
