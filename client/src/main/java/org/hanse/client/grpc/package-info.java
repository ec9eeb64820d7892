/**
 * The mutually authenticated channel to the coordinator, its calls and the vector transfers.
 *
 * <p>May use: agent (the interfaces it answers), config, core, Bouncy Castle, gRPC, Netty, proto
 * and its wire conversions.
 */
@NullMarked
package org.hanse.client.grpc;

import org.jspecify.annotations.NullMarked;
