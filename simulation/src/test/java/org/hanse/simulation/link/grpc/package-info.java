/**
 * A simulated network between sites and the coordinator: it carries the bytes of real gRPC calls
 * between the real client and the real services, and delays, repeats, cuts and loses them.
 *
 * <p>May use: world, gRPC, wire.
 */
@NullMarked
package org.hanse.simulation.link.grpc;

import org.jspecify.annotations.NullMarked;
