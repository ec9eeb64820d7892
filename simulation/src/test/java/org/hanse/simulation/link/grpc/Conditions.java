package org.hanse.simulation.link.grpc;

import java.time.Duration;

/**
 * How a site's way to the coordinator is at the moment; shares are of calls, from 0 to 1.
 *
 * @param slowest of the times that a message may take
 * @param lost whose connection breaks before or after the coordinator has taken it
 * @param swallowed that never arrive, though the connection stays
 * @param repeated that arrive twice
 * @param cut streams that break at some byte
 */
public record Conditions(
    Duration slowest, double lost, double swallowed, double repeated, double cut) {
  public static final Conditions GOOD = new Conditions(Duration.ofMillis(30), 0, 0, 0, 0);
}
