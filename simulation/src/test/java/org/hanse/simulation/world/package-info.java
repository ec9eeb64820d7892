/**
 * Time, threads and chance of a simulated world: real blocking code runs on virtual threads that
 * one platform thread carries, in an order that a seed decides.
 *
 * <p>May use: JDK, the ports of client.agent and coordinator.engine.
 */
@NullMarked
package org.hanse.simulation.world;

import org.jspecify.annotations.NullMarked;
