/**
 * A dishonest coordinator's server: an honest coordinator behind it, and a script that changes what
 * passes.
 *
 * <p>May use: attack, client.grpc, client.config, coordinator.authority, wire, gRPC, Netty.
 */
@NullMarked
package org.hanse.simulation.attack.grpc;

import org.jspecify.annotations.NullMarked;
