/**
 * What turns calls away before anything is known of the caller: too many connections, methods that
 * do not exist, a coordinator that is not ready.
 *
 * <p>May use: wire, gRPC, Netty.
 */
@NullMarked
package org.hanse.coordinator.grpc.guard;

import org.jspecify.annotations.NullMarked;
