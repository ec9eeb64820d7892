/**
 * The coordinator's services and what stands before them: TLS, limits, the caller's identity, one
 * table of who may call what, and statuses that say no more than they should.
 *
 * <p>May use: core, wire, proto, gRPC, Netty, coordinator.round, job, authority, storage, engine.
 */
@NullMarked
package org.hanse.coordinator.grpc;

import org.jspecify.annotations.NullMarked;
