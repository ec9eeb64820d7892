package org.hanse.simulation.fault;

import java.util.OptionalInt;

/**
 * One thing that goes wrong.
 *
 * @param target "coordinator", or "site-" and a number from 0
 * @param atMillis since the run began
 * @param forMillis how long, or how long until the process is started again
 * @param count of what the kind counts: operations of a disk, commits
 */
public record Fault(FaultKind kind, String target, long atMillis, long forMillis, int count) {
  public static final String COORDINATOR = "coordinator";

  /** The number of the site that it hits; empty if the coordinator. */
  public OptionalInt site() {
    return target.equals(COORDINATOR)
        ? OptionalInt.empty()
        : OptionalInt.of(Integer.parseInt(target.substring("site-".length())));
  }

  /** When it is over, as far as it lies in the fault. */
  public long endMillis() {
    return atMillis + forMillis;
  }

  @Override
  public String toString() {
    return "%s of %s at %d ms for %d ms, count %d"
        .formatted(kind, target, atMillis, forMillis, count);
  }
}
